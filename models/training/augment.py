"""Variants of labelled rows: what users write is not always a clean sentence.

Every function takes and gives `(text, entities)` with entities `[start, end, type]` in code points.
"""

import unicodedata
from collections import defaultdict

from corpus import UNSPACED

# Chance of each variant of a copy of a row.
LOWER, UPPER, UNFINISHED, REPLACED, JOINED = 0.10, 0.03, 0.08, 0.25, 0.30
MAX_JOINED_CHARACTERS = 400
KINDS = ("case", "punctuation", "entities", "joining")


class Augmenter:
    """Draws variants from the training rows themselves; `switches` are those of KINDS that are on."""

    def __init__(self, rows, switches, chance):
        self._switches = set(switches)
        self._chance = chance
        names = defaultdict(set)
        if "entities" in self._switches:
            for row in rows:
                for start, end, kind in row["entities"]:
                    names[(row["lang"], kind)].add(row["text"][start:end])
        self._names = {key: sorted(found) for key, found in names.items()}

    def vary(self, row, neighbour):
        """A variant of a row; `neighbour` is another of its language, to be joined now and then."""
        text, entities = row["text"], row["entities"]
        if "entities" in self._switches and self._chance.random() < REPLACED:
            text, entities = self._replace(text, entities, row["lang"])
        if "joining" in self._switches and neighbour and self._chance.random() < JOINED:
            if len(text) + len(neighbour["text"]) <= MAX_JOINED_CHARACTERS:
                text, entities = join(text, entities, neighbour, "" if row["lang"] in UNSPACED else " ")
        return self.vary_style(text, entities)

    def vary_style(self, text, entities):
        """Case and punctuation only, as is fit for sentiment too."""
        if "punctuation" in self._switches and self._chance.random() < UNFINISHED:
            text = unfinish(text, entities)
        if "case" in self._switches:
            drawn = self._chance.random()
            if drawn < LOWER:
                text = same_length(text, text.lower())
            elif drawn < LOWER + UPPER:
                text = same_length(text, text.upper())
        return text, entities

    def _replace(self, text, entities, lang):
        parts, replaced, position, length = [], [], 0, 0
        for start, end, kind in entities:
            name = self._chance.choice(self._names[(lang, kind)])
            parts += [text[position:start], name]
            length += start - position
            replaced.append([length, length + len(name), kind])
            length += len(name)
            position = end
        return "".join([*parts, text[position:]]), replaced


def join(text, entities, neighbour, joint):
    shift = len(text) + len(joint)
    moved = [[start + shift, end + shift, kind] for start, end, kind in neighbour["entities"]]
    return text + joint + neighbour["text"], [*entities, *moved]


def unfinish(text, entities):
    """The text without its final punctuation, unless an entity ends there or nothing would be left."""
    end = len(text)
    while end > 0 and (text[end - 1].isspace() or unicodedata.category(text[end - 1]) == "Po"):
        end -= 1
    last = max((entity[1] for entity in entities), default=0)
    return text[:end] if end >= last and end > 0 else text


def same_length(text, changed):
    """`changed`, unless offsets would be wrong in it (ß → SS)."""
    return changed if len(changed) == len(text) else text
