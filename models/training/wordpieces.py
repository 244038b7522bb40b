"""Unigram pieces in the layout of XLM-R's tokenizer: trains them, and tells what is common to all of that layout.

A piece that begins with SPACE begins a word. Its offsets may begin with the space too, which belongs to no word.
"""

import json
from collections import Counter

from corpus import read_lines, read_rows
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["<pad>", "<unk>", "<s>", "</s>", "<mask>"]
PAD, UNK, CLS, SEP, MASK = range(len(SPECIAL))
SPACE = "▁"
POSITIONS = 512
# A multiple of this as the size of the vocabulary keeps the matrix units of a GPU busy.
ROWS_MULTIPLE = 64
# Characters of a language and task that the pieces are chosen by: more take memory, and change little.
SAMPLE_CHARACTERS = 3_000_000
LONGEST_PIECE = 16


def padded_rows(pieces):
    """Rows of the table of words for so many pieces."""
    return -(-pieces // ROWS_MULTIPLE) * ROWS_MULTIPLE


def train_tokenizer(prepared, out, vocabulary):
    """Writes tokenizer.json with at most `vocabulary` pieces."""
    tokenizer = Tokenizer(models.Unigram())
    # XLM-R's own table of characters is NFKC with control characters dropped and all spaces alike.
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.NFKC(),
        normalizers.Replace(Regex(r"[\u0000-\u0008\u000e-\u001f\u007f]"), ""),
        normalizers.Replace(Regex(r"\s+"), " "),
    ])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE)
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE)
    # A mask takes the space before it.
    special = [AddedToken(name, special=True, normalized=False, lstrip=name == SPECIAL[MASK]) for name in SPECIAL]
    trainer = trainers.UnigramTrainer(
        vocab_size=vocabulary, special_tokens=special, unk_token=SPECIAL[UNK], max_piece_length=LONGEST_PIECE,
        show_progress=False,
    )  # fmt: skip
    tokenizer.train_from_iterator(training_texts(prepared), trainer)
    begin, end = SPECIAL[CLS], SPECIAL[SEP]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", pair=f"{begin} $A {end} {end} $B {end}", special_tokens=[(begin, CLS), (end, SEP)]
    )
    tokenizer.save(str(out))
    print(f"{tokenizer.get_vocab_size()} pieces", flush=True)


def training_texts(prepared):
    left = Counter()

    def fits(task, lang, text):
        left[task, lang] += len(text)
        return left[task, lang] <= SAMPLE_CHARACTERS

    for line in read_lines(prepared, "raw.tsv"):
        lang, _, text = line.partition("\t")
        if fits("raw", lang, text):
            yield text
    for task in ("sentiment", "ner"):
        for row in read_rows(prepared, f"{task}.jsonl"):
            if fits(task, row["lang"], row["text"]):
                yield row["text"]


def write_tokenizer_config(path):
    """What transformers wants to know besides tokenizer.json: XLM-R's class would number the special pieces anew."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": POSITIONS,
        "bos_token": SPECIAL[CLS],
        "eos_token": SPECIAL[SEP],
        "pad_token": SPECIAL[PAD],
        "unk_token": SPECIAL[UNK],
        "cls_token": SPECIAL[CLS],
        "sep_token": SPECIAL[SEP],
        "mask_token": SPECIAL[MASK],
    }
    path.write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
