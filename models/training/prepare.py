"""Filters the corpora and writes them as raw text with labels by character offsets."""

import json
import re
import zlib
from collections import Counter

from corpus import licences_of, read_lines, read_rows, to_entity_row, write_rows

# Every so many-th paragraph, by its checksum, is held out for measuring the masked-LM head.
HELD_OUT = 400
MAX_SENTIMENT_CHARACTERS = 1500
# Raw text has no source a row, so raw sources can be left out by pack only.
UNSTATED = re.compile(r"unstated|not stated|states none|no licence|unknown|no LICENSE", re.IGNORECASE)


class Selection:
    """Which rows take part, and how many did, by task, source and language."""

    def __init__(self, exclude, stated_only, licences, limit):
        self._exclude = set(exclude)
        self._stated_only = stated_only
        self._licences = licences
        self._limit = limit
        self.counts = Counter()
        self._of_language = Counter()

    def takes(self, task, row):
        source = row.get("source", "unnamed")
        if source in self._exclude or (self._stated_only and not self._is_stated(task, source)):
            return False
        key = (task, row["lang"])
        if self._limit and self._of_language[key] >= self._limit:
            return False
        self._of_language[key] += 1
        self.counts[(task, source, row["lang"])] += 1
        return True

    def _is_stated(self, task, source):
        licence = self._licences.get(("NER" if task == "ner" else task, source), ("", ""))[1]
        return bool(licence) and not UNSTATED.search(licence)


def prepare(pack, out, exclude=(), stated_only=False, limit=0):
    """Writes OUT/{ner,sentiment,dev_ner,dev_sentiment}.jsonl, raw.tsv, dev_raw.tsv and provenance.json.

    `limit`: most rows a language and file, 0 for all. Development files are never filtered by source, so that runs
    stay comparable.
    """
    out.mkdir(parents=True, exist_ok=True)
    licences = licences_of(pack)
    selection = Selection(exclude, stated_only, licences, limit)
    development = Selection((), False, licences, limit and max(20, limit // 10))
    write_rows(out / "ner.jsonl", map(to_entity_row, (r for r in read_rows(pack, "ner.jsonl") if selection.takes("ner", r))))
    write_rows(
        out / "dev_ner.jsonl",
        map(to_entity_row, (r for r in read_rows(pack, "dev_ner.jsonl") if development.takes("ner", r))),
    )
    for name, chosen in (("sentiment", selection), ("dev_sentiment", development)):
        rows = (row for row in read_rows(pack, f"{name}.jsonl") if chosen.takes("sentiment", row))
        write_rows(out / f"{name}.jsonl", ({**row, "text": row["text"][:MAX_SENTIMENT_CHARACTERS]} for row in rows))
    write_raw(pack, out, selection, limit)
    sources = [
        {"task": task, "source": source, "language": lang, "rows": count, "licence": licence_of(licences, task, source)}
        for (task, source, lang), count in sorted(selection.counts.items())
    ]
    raw_licences = [
        {"sources": name, "licence": licence} for (task, name), (_, licence) in sorted(licences.items()) if task == "raw"
    ]
    provenance = {
        "sources": sources,
        "raw_licences": raw_licences,
        "excluded": sorted(exclude),
        "stated_only": stated_only,
        "limit": limit,
    }
    (out / "provenance.json").write_text(json.dumps(provenance, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    total = Counter()
    for (task, _, _), count in selection.counts.items():
        total[task] += count
    if not total["ner"] or not total["sentiment"] or not total["raw"]:
        raise SystemExit(f"The pack needs rows of all three tasks; found {dict(total)}.")
    print(f"prepared {dict(total)}", flush=True)


def write_raw(pack, out, selection, limit):
    share = HELD_OUT if not limit else 20
    with (out / "raw.tsv").open("w", encoding="utf-8") as train, (out / "dev_raw.tsv").open("w", encoding="utf-8") as dev:
        for line in read_lines(pack, "raw.tsv"):
            lang, tab, text = line.partition("\t")
            if not tab or not text or not selection.takes("raw", {"lang": lang, "source": "raw"}):
                continue
            held_out = zlib.crc32(text.encode()) % share == 0
            (dev if held_out else train).write(f"{lang}\t{text}\n")


def licence_of(licences, task, source):
    return licences.get(("NER" if task == "ner" else task, source), ("", "not given"))[1]
