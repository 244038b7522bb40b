"""Encodes the prepared rows once, as arrays of piece ids in buckets of fixed lengths."""

import random
import re
from collections import Counter, defaultdict

import numpy as np
from augment import Augmenter
from corpus import IGNORED, LABEL_IDS, read_lines, read_rows
from tokenizers import Tokenizer
from wordpieces import PAD, POSITIONS, SEP, SPACE

CHUNK = 20_000
# Sources whose labels were made by a machine, or projected, count less than those of people.
SILVER = {"wikiann": 0.3, "linspector_wikiner": 0.5, "xed": 0.25}
# Rows labelled by people are drawn so many times as often, within the share of their language. In the mean that is a
# weight of their loss, but no time goes into rows that count little.
HUMAN = 2.0
# Languages are drawn so many times as often by task: those that lagged behind the others on the development files.
LAGGING = {"ner": {"sv": 1.4, "zh": 1.5, "de": 1.3, "es": 1.2}, "sentiment": {"hi": 2.0, "es": 1.5, "ko": 1.2}}
# Questions of the raw text are rows of their own: whoever searches asks in one sentence, and an encoder whose vectors
# are learned from paragraphs only drifts from what matched questions to them.
QUESTION = re.compile(r"[^.!?。！？؟]*[?？؟]")
QUESTION_CHARACTERS = (8, 240)
QUESTIONS_OF_LANGUAGE = 4000


class Bucketed:
    """Rows of one task, each in the shortest bucket that holds it. `lengths` of buckets in pieces, ascending."""

    def __init__(self, lengths):
        self._lengths = lengths
        self._ids = {length: [] for length in lengths}
        self._targets = {length: [] for length in lengths}
        self._groups = {length: [] for length in lengths}

    def add(self, ids, target, group):
        """`target`: a label a piece (list), or one for the row. `group`: index of what is balanced."""
        length = next((length for length in self._lengths if len(ids) <= length), self._lengths[-1])
        if len(ids) > length:
            ids = [*ids[: length - 1], SEP]
        row = np.zeros(length, np.int32)
        row[: len(ids)] = ids
        if isinstance(target, list):
            labels = np.full(length, IGNORED, np.int8)
            used = target[: len(ids) - 1]
            labels[: len(used)] = used
            target = labels
        self._ids[length].append(row)
        self._targets[length].append(target)
        self._groups[length].append(group)

    def arrays(self, prefix, weight_of_group):
        result = {}
        for length in self._lengths:
            if self._ids[length]:
                result[f"{prefix}_ids_{length}"] = np.stack(self._ids[length])
                result[f"{prefix}_targets_{length}"] = np.array(self._targets[length])
                result[f"{prefix}_weights_{length}"] = np.array([weight_of_group[g] for g in self._groups[length]])
        return result


def label_pieces(encoding, entities, pieces):
    """A label id a piece; IGNORED for special ones and, with `pieces` "first", for all but the first of a word.

    A piece's offsets may begin with the space before its word. That changes no label: entities touch no space.
    """
    labels, previous, next_entity = [], None, 0
    for (start, end), word, piece in zip(encoding.offsets, encoding.word_ids, encoding.tokens):
        if word is None:
            labels.append(IGNORED)
            continue
        if piece == SPACE:
            # A space alone belongs to no entity, though at the beginning of a text its offsets claim the first letter.
            labels.append(LABEL_IDS["O"])
            previous = word
            continue
        # Pieces and entities are both in the order of the text.
        while next_entity < len(entities) and entities[next_entity][1] <= start:
            next_entity += 1
        inner = word == previous
        previous = word
        if pieces == "first" and inner:
            labels.append(IGNORED)
        elif next_entity < len(entities) and entities[next_entity][0] < end:
            first, _, kind = entities[next_entity]
            # An entity may begin inside of a piece, but only one piece holds its beginning.
            labels.append(LABEL_IDS[("B-" if start <= first < end else "I-") + kind])
        else:
            labels.append(LABEL_IDS["O"])
    return labels


def pack(prepared, tokenizer_path, out, options, seed):
    """Writes OUT (.npz): ids, targets and weights of entities and sentiment by bucket, a stream a language, questions.

    `options`: `copies` of each labelled row, the first as it is; `augment`, the kinds of variants of the others;
    `label_pieces`; `buckets`, lengths in pieces; `temper`, the power of a language's row count that decides its share
    (1: as is, 0: all equal).
    """
    if max(options.buckets) > POSITIONS:
        raise SystemExit(f"--buckets: the model has {POSITIONS} positions, {max(options.buckets)} are too many.")
    chance = random.Random(seed)
    tokenizer = Tokenizer.from_file(str(tokenizer_path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    entity_rows = sorted(read_rows(prepared, "ner.jsonl"), key=lambda row: row["lang"])
    augmenter = Augmenter(entity_rows, options.augment, chance)
    arrays = {
        **pack_entities(entity_rows, tokenizer, augmenter, options, chance),
        **pack_sentiment(list(read_rows(prepared, "sentiment.jsonl")), tokenizer, augmenter, options),
        **pack_raw(prepared, tokenizer),
        **pack_questions(prepared, tokenizer, min(options.buckets), chance),
    }
    np.savez(out, **arrays)
    counts = {name: len(array) for name, array in arrays.items() if "targets" not in name and "weights" not in name}
    print(f"packed {counts}", flush=True)


def group_weights(groups, temper, task):
    """Weight of one row of each group, so that a language has a share of its row count to the power of `temper`.

    A group is `(language, source)`; `groups` counts the rows of each.
    """
    trusted, drawn = Counter(), Counter()
    for (lang, source), count in groups.items():
        trusted[lang] += count * SILVER.get(source, 1.0)
        drawn[lang] += count * SILVER.get(source, HUMAN)
    return [
        LAGGING[task].get(lang, 1.0) * trusted[lang] ** temper / drawn[lang] * SILVER.get(source, HUMAN)
        for lang, source in groups
    ]


def pack_entities(rows, tokenizer, augmenter, options, chance):
    groups = Counter((row["lang"], row["source"]) for row in rows)
    index = {group: i for i, group in enumerate(groups)}
    of_language = defaultdict(list)
    for row in rows:
        of_language[row["lang"]].append(row)
    store = Bucketed(sorted(options.buckets))
    for copy in range(options.copies):
        for first in range(0, len(rows), CHUNK):
            part = rows[first : first + CHUNK]
            if copy == 0:
                variants = [(row["text"], row["entities"]) for row in part]
            else:
                variants = [augmenter.vary(row, chance.choice(of_language[row["lang"]])) for row in part]
            encodings = tokenizer.encode_batch([text for text, _ in variants])
            for row, (_, entities), encoding in zip(part, variants, encodings):
                labels = label_pieces(encoding, entities, options.label_pieces)
                for _ in range(max(1, int(row["weight"]))):
                    store.add(encoding.ids, labels, index[(row["lang"], row["source"])])
    return store.arrays("ner", group_weights(groups, options.temper, "ner"))


def pack_sentiment(rows, tokenizer, augmenter, options):
    groups = Counter((row["lang"], row["source"]) for row in rows)
    index = {group: i for i, group in enumerate(groups)}
    store = Bucketed(sorted(options.buckets))
    for copy in range(options.copies):
        for first in range(0, len(rows), CHUNK):
            part = rows[first : first + CHUNK]
            texts = [row["text"] if copy == 0 else augmenter.vary_style(row["text"], [])[0] for row in part]
            for row, encoding in zip(part, tokenizer.encode_batch(texts)):
                store.add(encoding.ids, row["label"], index[(row["lang"], row["source"])])
    return store.arrays("sentiment", group_weights(groups, options.temper, "sentiment"))


def pack_raw(prepared, tokenizer):
    streams, waiting = defaultdict(list), []

    def flush():
        encodings = tokenizer.encode_batch([text for _, text in waiting], add_special_tokens=False)
        for (lang, _), encoding in zip(waiting, encodings):
            streams[lang].append(np.array([*encoding.ids, SEP], np.int32))
        waiting.clear()

    for line in read_lines(prepared, "raw.tsv"):
        lang, _, text = line.partition("\t")
        waiting.append((lang, text))
        if len(waiting) == CHUNK:
            flush()
    flush()
    return {f"raw_{lang}": np.concatenate(parts) for lang, parts in streams.items()}


def pack_questions(prepared, tokenizer, length, chance):
    """Single questions of the raw text, of at most `length` pieces, and filled up to that."""
    found = defaultdict(set)
    for line in read_lines(prepared, "raw.tsv"):
        lang, _, text = line.partition("\t")
        for question in map(str.strip, QUESTION.findall(text)):
            if QUESTION_CHARACTERS[0] <= len(question) <= QUESTION_CHARACTERS[1]:
                found[lang].add(question)
    rows = []
    for lang in sorted(found):
        questions = sorted(found[lang])
        chance.shuffle(questions)
        for encoding in tokenizer.encode_batch(questions[:QUESTIONS_OF_LANGUAGE]):
            if len(encoding.ids) <= length:
                rows.append([*encoding.ids, *[PAD] * (length - len(encoding.ids))])
    return {"questions": np.array(rows, np.int32).reshape(-1, length)}
