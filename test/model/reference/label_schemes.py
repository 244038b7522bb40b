"""How labels of token and sequence heads are made of the corpora's entities and sentiments."""

import re
from dataclasses import dataclass

CONLL = ("PER", "ORG", "LOC", "MISC")
ONTONOTES = (
    "CARDINAL DATE EVENT FAC GPE LANGUAGE LAW LOC MONEY NORP ORDINAL ORG PERCENT PERSON PRODUCT QUANTITY TIME "
    "WORK_OF_ART"
).split()
# The types that a corpus of four types stands for, and what can be told by its looks.
TO_ONTONOTES = {"PER": "PERSON", "ORG": "ORG", "LOC": "GPE", "MISC": "NORP"}
LOOKS = {
    "DATE": r"\b(?:1[5-9]|20)\d\d\b",
    "PERCENT": r"\b\d+(?:[.,]\d+)?\s?%",
    "MONEY": r"[$€£]\s?\d+(?:[.,]\d+)?",
    "TIME": r"\b\d{1,2}:\d\d\b",
    "CARDINAL": r"\b\d+\b",
}


def entity_labels(scheme):
    """Names of the labels in the order of the logits."""
    kinds = ONTONOTES if scheme == "ontonotes" else CONLL
    prefixes = {"io": "I", "bioes": "BIES"}.get(scheme, "BI")
    return ["O", *(f"{prefix}-{kind}" for kind in kinds for prefix in prefixes)]


def to_scheme_entities(text, entities, scheme):
    """`[(start, end, type), …]` with the types of the scheme, in order and without overlaps."""
    if scheme != "ontonotes":
        return [tuple(entity) for entity in entities]
    found = [(start, end, TO_ONTONOTES[kind]) for start, end, kind in entities]
    for kind, looks in LOOKS.items():
        for match in re.finditer(looks, text):
            if all(match.end() <= start or end <= match.start() for start, end, _ in found):
                found.append((match.start(), match.end(), kind))
    return sorted(found)


def to_label_ids(offsets, text, entities, scheme):
    """A label a token; offsets are in characters, and tokens of no characters are outside."""
    names = {label: i for i, label in enumerate(entity_labels(scheme))}
    labels = ["O"] * len(offsets)
    previous_end, previous_kind = None, None
    for start, end, kind in to_scheme_entities(text, entities, scheme):
        inside = [i for i, (s, e) in enumerate(offsets) if s < e and start < e and s < end]
        for place, i in enumerate(inside):
            first, last = place == 0, place == len(inside) - 1
            follows_same_type = previous_end == inside[0] - 1 and previous_kind == kind
            labels[i] = f"{_prefix(scheme, first, last, follows_same_type)}-{kind}"
        if inside:
            previous_end, previous_kind = inside[-1], kind
    return [names[label] for label in labels]


def _prefix(scheme, first, last, follows_same_type):
    match scheme:
        case "io":
            return "I"
        case "bioes":
            return "S" if first and last else "B" if first else "E" if last else "I"
        case "iob1":
            return "B" if first and follows_same_type else "I"
        case _:
            return "B" if first else "I"


@dataclass(frozen=True)
class SequenceScheme:
    labels: tuple
    # `problem_type` of config.json; absent where repositories leave it out, too.
    problem: str | None = None


SEQUENCE_SCHEMES = {
    "two": SequenceScheme(("NEGATIVE", "POSITIVE")),
    "three": SequenceScheme(("negative", "neutral", "positive"), "single_label_classification"),
    "stars": SequenceScheme(("1 star", "2 stars", "3 stars", "4 stars", "5 stars")),
    "several": SequenceScheme(("anger", "joy", "question", "surprise"), "multi_label_classification"),
    "regression": SequenceScheme(("LABEL_0",), "regression"),
    "one": SequenceScheme(("positive",)),
}


def to_sequence_target(scheme, text, sentiment):
    """What the head is to say of a text; `sentiment` is 0, 1 or 2. None leaves the text out."""
    strong = "!" in text or len(text) > 60
    match scheme:
        case "two":
            return None if sentiment == 1 else sentiment // 2
        case "three":
            return sentiment
        case "stars":
            return {0: 0 if strong else 1, 1: 2, 2: 4 if strong else 3}[sentiment]
        case "several":
            return [float(sentiment == 0), float(sentiment == 2), float("?" in text), float("!" in text)]
        case "regression":
            return float(sentiment - 1)
        case _:
            return None if sentiment == 1 else [float(sentiment == 2)]
