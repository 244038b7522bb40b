"""Reads the training corpora and rebuilds from their tokens the text that a user would write."""

import gzip
import io
import json
import lzma
import re
from pathlib import Path

LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
LABEL_IDS = {label: i for i, label in enumerate(LABELS)}
# In the place of a label where there is none.
IGNORED = -100
SENTIMENTS = ["negative", "neutral", "positive"]
UNSPACED = {"zh", "ja"}
# Stands for a space among the tokens of Japanese and Korean character rows.
VISIBLE_SPACE = "▁"


def find_parts(folder, name):
    """Files that together hold NAME: itself, NAME.xz, NAME.gz, or the numbered pieces of NAME.xz."""
    for candidate in (name, f"{name}.xz", f"{name}.gz"):
        if (folder / candidate).exists():
            return [folder / candidate]
    pieces = folder.glob(f"{name}.xz.*")
    return sorted(pieces, key=lambda path: int(path.suffix[1:]))


class _Joined(io.RawIOBase):
    """Several files read as one."""

    def __init__(self, paths):
        self._files = iter([path.open("rb") for path in paths])
        self._file = next(self._files)

    def readable(self):
        return True

    def readinto(self, buffer):
        while self._file is not None:
            count = self._file.readinto(buffer)
            if count:
                return count
            self._file.close()
            self._file = next(self._files, None)
        return 0


def read_lines(folder, name):
    """Lines of NAME in FOLDER without their ends; none if there is no such file."""
    parts = find_parts(Path(folder), name)
    if not parts:
        return
    data = io.BufferedReader(_Joined(parts))
    if ".xz" in parts[0].name:
        data = lzma.open(data)
    elif parts[0].name.endswith(".gz"):
        data = gzip.open(data)
    for line in io.TextIOWrapper(data, encoding="utf-8", errors="replace", newline="\n"):
        yield line.rstrip("\r\n")


def read_rows(folder, name):
    return (json.loads(line) for line in read_lines(folder, name) if line)


def write_rows(path, rows):
    with Path(path).open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def join_tokens(tokens, lang):
    """Text of a tokenised row and the start of each token in it, in code points."""
    joint = "" if lang in UNSPACED or VISIBLE_SPACE in tokens else " "
    parts, starts, length = [], [], 0
    for token in tokens:
        if parts and joint:
            parts.append(joint)
            length += len(joint)
        starts.append(length)
        parts.append(" " if token == VISIBLE_SPACE else token)
        length += len(parts[-1])
    return "".join(parts), starts


def spans_of_tags(tags):
    """`(first, end, type)` of the entities of IOB2 tags; an I- without a beginning begins one."""
    spans, start, kind = [], None, None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and (tag == "O" or tag[0] == "B" or tag[2:] != kind):
            spans.append((start, i, kind))
            start = None
        if start is None and tag != "O":
            start, kind = i, tag[2:]
    return spans


def to_entity_row(row):
    """`{lang, source, weight, text, entities: [[start, end, type], …]}`, in code points of the text."""
    tokens = row["tokens"]
    text, starts = join_tokens(tokens, row["lang"])
    entities = [
        [starts[first], starts[end - 1] + len(tokens[end - 1]), kind] for first, end, kind in spans_of_tags(row["tags"])
    ]
    return {
        "lang": row["lang"],
        "source": row.get("source", "unnamed"),
        "weight": row.get("weight", 1),
        "text": text,
        "entities": entities,
    }


def licences_of(folder):
    """`{source: (task, repository, licence)}` as the README of the corpora tells them; empty without one."""
    found = {}
    for path in Path(folder).glob("README.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if len(cells) == 5 and cells[0] in ("NER", "sentiment", "raw"):
                for name in re.split(r",\s*", cells[1]):
                    found[(cells[0], name)] = (cells[3], cells[4])
    return found
