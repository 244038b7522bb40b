"""Trains the cased WordPiece vocabulary and writes it in the layout of Hugging Face."""

import json

from corpus import read_lines, read_rows
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

# The order of the trimmed XLM-R pieces; this copy of the recipe is for that tokenizer only.
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"]
SPACE = "▁"
PAD, UNK, CLS, SEP, MASK = range(len(SPECIAL))
POSITIONS = 512


def train_tokenizer(prepared, out, vocabulary):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary, min_frequency=3, limit_alphabet=min(8000, vocabulary // 2), special_tokens=SPECIAL
    )
    tokenizer.train_from_iterator(training_texts(prepared), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)],
    )
    tokenizer.save(str(out))
    print(f"{tokenizer.get_vocab_size()} word pieces", flush=True)


def training_texts(prepared):
    for line in read_lines(prepared, "raw.tsv"):
        yield line.partition("\t")[2]
    for name in ("sentiment.jsonl", "ner.jsonl"):
        for row in read_rows(prepared, name):
            yield row["text"]


def write_tokenizer_config(path):
    config = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": False,
        "strip_accents": False,
        "tokenize_chinese_chars": True,
        "model_max_length": POSITIONS,
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
