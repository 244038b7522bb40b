"""Trims a tokenizer's Unigram pieces to those that the corpora use."""

import json
import random
import unicodedata
from collections import Counter, defaultdict

import numpy as np
from corpus import read_lines, read_rows
from tokenizers import Tokenizer
from wordpieces import MASK, SPACE, SPECIAL, UNK

# Every language counts the same, whatever the size of its corpus: its pieces have shares of one sum. Labelled texts
# are of fewer subjects than raw ones, and count less.
SHARES = {"raw": 1.0, "ner": 0.8, "sentiment": 0.4}
# A corpus smaller than this many pieces counts in proportion.
TRUSTED_PIECES = 20_000
# What of a corpus is counted is enough for stable shares: characters of raw text, rows of labelled.
RAW_CHARACTERS, LABELLED_ROWS = 2_000_000, 20_000
# Of the weight of a piece, the share that is by its probability for the tokenizer, so that words of languages beyond
# the corpora do not all go.
PRIOR_SHARE = 0.15


def trim(described, prepared, count):
    """tokenizer.json (a dict) with `count` of the pieces of `described`, the special ones first in SPECIAL's order.

    Single letters stay, so that any word can be spelled.
    """
    pieces = described["model"]["vocab"]
    used = count_pieces(load(described), prepared, len(pieces))
    keep = {i for i, (piece, _) in enumerate(pieces) if is_needed(piece, used[i])}
    special = [find_special(pieces, name) for name in SPECIAL]
    keep -= set(special)
    prior = np.array([np.exp(score) if score < 0 else 0.0 for _, score in pieces])
    weights = (1 - PRIOR_SHARE) * used / used.sum() + PRIOR_SHARE * prior / prior.sum()
    for i in np.argsort(-weights, kind="stable"):
        if len(keep) >= count - len(special):
            break
        if i not in special:
            keep.add(int(i))
    return with_pieces(described, [pieces[i] for i in [*special, *sorted(keep)]])


def load(described):
    tokenizer = Tokenizer.from_str(json.dumps(described))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def find_special(pieces, name):
    return next(i for i, (piece, _) in enumerate(pieces) if piece == name)


def is_needed(piece, used):
    """Whether a piece stays for spelling: a letter, also with a combining mark, or the beginning of a word with it.

    An ideograph or a Korean syllable stays only if it is used, and so does a letter with its space: there are too many.
    """
    letters = piece.lstrip(SPACE)
    if len(letters) > 1 and not (len(letters) == 2 and any(map(unicodedata.combining, letters))):
        return False
    return not letters or used > 0 or (piece == letters and not is_ideograph(ord(letters[0])))


def is_ideograph(point):
    return 0x3400 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7FF or point > 0xFFFF


def count_pieces(tokenizer, prepared, size):
    """How much the languages use each of `size` pieces: the sum of its shares of their corpora."""
    texts = defaultdict(list)
    for line in read_lines(prepared, "raw.tsv"):
        lang, _, text = line.partition("\t")
        texts["raw", lang].append(text)
    for task in ("ner", "sentiment"):
        for row in read_rows(prepared, f"{task}.jsonl"):
            texts[task, row["lang"]].append(row["text"])
    used = np.zeros(size)
    for (task, _), rows in texts.items():
        random.Random(1).shuffle(rows)
        rows = up_to(rows, RAW_CHARACTERS) if task == "raw" else rows[:LABELLED_ROWS]
        counts = Counter()
        for encoding in tokenizer.encode_batch(rows, add_special_tokens=False):
            counts.update(encoding.ids)
        total = sum(counts.values())
        share = SHARES[task] * min(1, total / TRUSTED_PIECES)
        for piece, n in counts.items():
            # A piece that occurs once tells nothing yet.
            if n > 1:
                used[piece] += share * n / total
    return used


def up_to(rows, characters):
    """The first rows that together exceed so many characters."""
    chosen = []
    for row in rows:
        chosen.append(row)
        characters -= len(row)
        if characters < 0:
            break
    return chosen


def with_pieces(described, pieces):
    """The same tokenizer with other pieces, whose first are SPECIAL."""
    form = described["added_tokens"][0]
    processor = described["post_processor"]
    tokens = {
        name: {**token, "ids": [SPECIAL.index(name)]} for name, token in processor["special_tokens"].items()
    }
    return {
        **described,
        "model": {**described["model"], "vocab": pieces, "unk_id": UNK},
        "added_tokens": [
            # A mask takes the space before it.
            {**form, "id": i, "content": name, "lstrip": i == MASK} for i, name in enumerate(SPECIAL)
        ],
        "post_processor": {**processor, "special_tokens": tokens},
    }
