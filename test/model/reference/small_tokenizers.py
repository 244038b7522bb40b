"""Tokenizers of the BERT families, with a small vocabulary trained here.

Normalizer, pre-tokenizer, post-processor and decoder are those that transformers gives the family. Each function
returns the tokenizer and its special tokens as a repository's tokenizer_config.json has them.
"""

import tempfile
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import sentencepiece
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import AlbertTokenizer, BertTokenizer, CamembertTokenizer, RobertaTokenizer, XLMRobertaTokenizer
from transformers.convert_slow_tokenizer import DebertaV2Converter, import_protobuf

BERT_SPECIAL = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
ROBERTA_SPECIAL = {
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "mask_token": "<mask>",
}


def _left_stripped(token):
    """The mask of byte-level and SentencePiece models takes the space before it along."""
    return AddedToken(token, lstrip=True, normalized=False, special=True)


def word_piece(texts, size, lowercase=False):
    """BERT, DistilBERT, ELECTRA. With `lowercase` accents are stripped, too."""
    draft = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    draft.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    draft.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, limit_alphabet=size // 3, special_tokens=list(BERT_SPECIAL.values()), show_progress=False
    )
    draft.train_from_iterator(texts, trainer)
    tokenizer = BertTokenizer(vocab=draft.get_vocab(), do_lower_case=lowercase, **BERT_SPECIAL)
    return tokenizer.backend_tokenizer, BERT_SPECIAL


def byte_level_bpe(texts, size):
    """RoBERTa."""
    draft = Tokenizer(models.BPE())
    draft.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    draft.train_from_iterator(texts, trainer)
    with tempfile.TemporaryDirectory() as folder:
        draft.model.save(folder)
        lines = (Path(folder) / "merges.txt").read_text(encoding="utf-8").splitlines()
    merges = [tuple(line.split(" ")) for line in lines if not line.startswith("#version")]
    special = {**ROBERTA_SPECIAL, "mask_token": _left_stripped("<mask>")}
    tokenizer = RobertaTokenizer(vocab=draft.get_vocab(), merges=merges, **special)
    return tokenizer.backend_tokenizer, ROBERTA_SPECIAL


def camembert(texts, size):
    _, pieces, charsmap = _unigram(texts, size)
    head = [("<s>NOTUSED", 0.0), ("<pad>", 0.0), ("</s>NOTUSED", 0.0), ("<unk>", 0.0), ("<unk>NOTUSED", -100.0)]
    # As in the original: fairseq's own special tokens before SentencePiece's, of which only <unk> is left out.
    vocabulary = [*head, *pieces[1:], ("<mask>", 0.0)]
    tokenizer = CamembertTokenizer(vocab=vocabulary, _spm_precompiled_charsmap=charsmap, **ROBERTA_SPECIAL)
    return tokenizer.backend_tokenizer, ROBERTA_SPECIAL


def xlm_roberta(texts, size, whole_nfkc=False):
    _, pieces, charsmap = _unigram(texts, size, whole_nfkc=whole_nfkc, coverage=0.98)
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *pieces[3:], ("<mask>", 0.0)]
    special = {**ROBERTA_SPECIAL, "mask_token": _left_stripped("<mask>")}
    tokenizer = XLMRobertaTokenizer(vocab=vocabulary, _spm_precompiled_charsmap=charsmap, **special)
    return tokenizer.backend_tokenizer, ROBERTA_SPECIAL


def albert(texts, size):
    _, pieces, charsmap = _unigram(
        texts, size, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1, control_symbols=["[CLS]", "[SEP]", "[MASK]"]
    )
    special = {**BERT_SPECIAL, "pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "[CLS]", "eos_token": "[SEP]"}
    tokenizer = AlbertTokenizer(
        vocab=pieces, _spm_precompiled_charsmap=charsmap, **{**special, "mask_token": _left_stripped("[MASK]")}
    )
    return tokenizer.backend_tokenizer, special


def deberta_v2(texts, size):
    """By the converter: the class would leave SentencePiece's normalisation out."""
    model, _, _ = _unigram(
        texts,
        size,
        pad_id=0,
        unk_id=3,
        bos_id=1,
        eos_id=2,
        pad_piece="[PAD]",
        unk_piece="[UNK]",
        bos_piece="[CLS]",
        eos_piece="[SEP]",
    )
    with tempfile.NamedTemporaryFile(suffix=".model") as file:
        file.write(model.SerializeToString())
        file.flush()
        ids = {piece.piece: i for i, piece in enumerate(model.pieces)}
        slow = SimpleNamespace(
            vocab_file=file.name, do_lower_case=False, split_by_punct=False, convert_tokens_to_ids=ids.__getitem__
        )
        tokenizer = DebertaV2Converter(slow).converted()
    tokenizer.add_special_tokens(list(BERT_SPECIAL.values()))
    return tokenizer, {**BERT_SPECIAL, "bos_token": "[CLS]", "eos_token": "[SEP]"}


def _unigram(texts, size, *, whole_nfkc=False, coverage=0.995, **options):
    """A SentencePiece model, its `[(piece, score), …]`, and its normalisation.

    `whole_nfkc` is the normalisation that all real models have, 240 kB of it; otherwise it is that part of it which
    texts in European scripts need.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        corpus = path / "texts"
        corpus.write_text("\n".join(" ".join(text.split()) for text in texts), encoding="utf-8")
        if whole_nfkc:
            rules = {"normalization_rule_name": "nmt_nfkc"}
        else:
            table = path / "rules.tsv"
            table.write_text("".join(f"{_hexadecimal(a)}\t{_hexadecimal(b)}\n" for a, b in _nfkc_rules()))
            rules = {"normalization_rule_tsv": str(table)}
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus),
            model_prefix=str(path / "unigram"),
            model_type="unigram",
            vocab_size=size,
            character_coverage=coverage,
            hard_vocab_limit=False,
            num_threads=2,
            minloglevel=2,
            **rules,
            **options,
        )
        model = import_protobuf().ModelProto()
        model.ParseFromString((path / "unigram.model").read_bytes())
    pieces = [(piece.piece, piece.score) for piece in model.pieces]
    return model, pieces, model.normalizer_spec.precompiled_charsmap


def _nfkc_rules():
    """Compatibility forms, decomposed letters of European scripts, odd spaces, controls and invisible characters."""
    for code in range(1, 0x10000):
        character = chr(code)
        category = unicodedata.category(character)
        composed = unicodedata.normalize("NFKC", character)
        decomposed = unicodedata.normalize("NFD", character)
        if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\ufeff\u200b\u200e\u200f":
            if character != " ":
                yield character, " "
        elif category == "Cc":
            yield character, ""
        elif composed != character and not 0xAC00 <= code < 0xFE70 and not 0x3130 <= code < 0x3400:
            yield character, composed
        if code < 0x2000 and decomposed != character and composed == character:
            yield decomposed, character
    for code in range(0xFF01, 0xFFE0):
        if unicodedata.normalize("NFKC", chr(code)) != chr(code):
            yield chr(code), unicodedata.normalize("NFKC", chr(code))


def _hexadecimal(text):
    return " ".join(f"{ord(character):X}" for character in text)
