"""Measures what the defaults of Subtext's settings should be for the bundled model.

    python measure_defaults.py --ner dev_ner.jsonl.xz --sentiment dev_sentiment.jsonl.xz

Prints Markdown tables: entity-level F1 (same span, same type) of each aggregation strategy, precision and recall
of entities over thresholds, and of "negative" over thresholds. Rows of the development sets are
`{lang, source, tokens, tags}` and `{lang, source, label, text}`; see docs/defaults.md.
"""

import argparse
import json
import lzma
from collections import defaultdict
from pathlib import Path

import torch

from bundled_model import BundledModel, bucketed, token_pipeline

CATALOG = Path(__file__).resolve().parents[3] / "models" / "catalog.json"
STRATEGIES = ("simple", "first", "average", "max")
ENTITY_THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SENTIMENT_THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
NEGATIVE = 0


def rows_of(path):
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def to_text(tokens, lang):
    """Raw text of a row and where each token starts. Chinese and Japanese have no spaces; ▁ is one."""
    separator = "" if lang in ("zh", "ja") or "▁" in tokens else " "
    text, starts = "", []
    for i, token in enumerate(tokens):
        text += separator if i else ""
        starts.append(len(text))
        text += " " if token == "▁" else token
    return text, starts


def gold_spans(tokens, tags, starts):
    """`{(start, end, type)}` in characters, of IOB2 tags."""
    spans, first = set(), None
    for i, tag in enumerate([*tags, "O"]):
        if first is not None and tag != "I-" + tags[first][2:]:
            spans.add((starts[first], starts[i - 1] + len(tokens[i - 1]), tags[first][2:]))
            first = None
        if tag.startswith("B-"):
            first = i
    return spans


def f1(hits, found, gold):
    return 200 * hits / (found + gold) if found + gold else 0.0


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|")
    for row in rows:
        print("| " + " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    print()


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "–"


def measure_entities(bundled, path, strategy_for_thresholds, skip):
    pipeline = token_pipeline(bundled)
    rows = [row for row in rows_of(path) if row["source"] not in skip]
    # A model is not blamed for a type that a source does not annotate.
    types = defaultdict(set)
    for row in rows:
        types[row["lang"], row["source"]] |= {tag[2:] for tag in row["tags"] if tag != "O"}
    texts = [to_text(row["tokens"], row["lang"]) for row in rows]
    encoded, results = bucketed(bundled, [text for text, _ in texts])
    counts = defaultdict(lambda: [0, 0, 0])
    levels = defaultdict(lambda: [0, 0, 0])
    for i, (row, (text, starts), (logits, _)) in enumerate(zip(rows, texts, results)):
        lang = row["lang"]
        length = len(logits)
        window_end = max(end for _, end in encoded["offset_mapping"][i])
        gold = {span for span in gold_spans(row["tokens"], row["tags"], starts) if span[1] <= window_end}
        output = {
            "logits": torch.from_numpy(logits).unsqueeze(0),
            "sentence": text,
            "input_ids": torch.tensor([encoded["input_ids"][i]]),
            "offset_mapping": torch.tensor([encoded["offset_mapping"][i]]),
            "special_tokens_mask": torch.tensor([[1, *[0] * (length - 2), 1]]),
            "word_ids": None,
        }
        for strategy in STRATEGIES:
            parameters = pipeline._sanitize_parameters(aggregation_strategy=strategy)[2]
            mentions = [
                mention
                for mention in pipeline.postprocess([output], **parameters)
                if mention["entity_group"] in types[lang, row["source"]]
            ]
            found = {(m["start"], m["end"], m["entity_group"]) for m in mentions}
            count = counts[lang, strategy]
            for j, value in enumerate((len(gold & found), len(found), len(gold))):
                count[j] += value
            if strategy == strategy_for_thresholds:
                for threshold in ENTITY_THRESHOLDS:
                    kept = {(m["start"], m["end"], m["entity_group"]) for m in mentions if m["score"] >= threshold}
                    level = levels[lang, threshold]
                    for j, value in enumerate((len(gold & kept), len(kept), len(gold))):
                        level[j] += value
    languages = sorted({row["lang"] for row in rows})
    print(f"Entity F1 a language and strategy, {len(rows)} sentences\n")
    means = [sum(f1(*counts[lang, s]) for lang in languages) / len(languages) for s in STRATEGIES]
    table(
        ["language", "sentences", "entities", *STRATEGIES],
        [
            [lang, sum(row["lang"] == lang for row in rows), counts[lang, STRATEGIES[0]][2]]
            + [f1(*counts[lang, strategy]) for strategy in STRATEGIES]
            for lang in languages
        ]
        + [["**mean**", len(rows), sum(counts[lang, STRATEGIES[0]][2] for lang in languages), *means]],
    )
    print(f"Thresholds with `{strategy_for_thresholds}`, means over the languages\n")
    body = []
    for threshold in ENTITY_THRESHOLDS:
        cells = [levels[lang, threshold] for lang in languages]
        body.append(
            [
                f"{threshold:.1f}",
                sum(100 * hits / found if found else 0 for hits, found, _ in cells) / len(cells),
                sum(100 * hits / gold for hits, _, gold in cells) / len(cells),
                sum(f1(*cell) for cell in cells) / len(cells),
            ]
        )
    table(["threshold", "precision", "recall", "F1"], body)


def measure_sentiment(bundled, path):
    rows = rows_of(path)
    _, results = bucketed(bundled, [row["text"] for row in rows])
    scores = [torch.softmax(torch.from_numpy(logits), 0)[NEGATIVE].item() for _, logits in results]
    languages = sorted({row["lang"] for row in rows})
    print(f"Precision of `negative` in percent (share of the negative sentences found), {len(rows)} texts\n")
    body = []
    for lang in [*languages, None]:
        mine = [(row["label"], score) for row, score in zip(rows, scores) if lang in (None, row["lang"])]
        negatives = sum(label == NEGATIVE for label, _ in mine)
        cells = []
        for threshold in SENTIMENT_THRESHOLDS:
            reported = [label for label, score in mine if score >= threshold]
            hits = sum(label == NEGATIVE for label in reported)
            cells.append(f"{percent(hits, len(reported))} ({percent(hits, negatives)})")
        body.append([lang or "**all**", len(mine), negatives, *cells])
    table(["language", "texts", "negative", *[f"≥ {t:g}" for t in SENTIMENT_THRESHOLDS]], body)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ner", type=Path)
    parser.add_argument("--sentiment", type=Path)
    parser.add_argument("--model", default="subtext-mini", help="id in models/catalog.json")
    parser.add_argument("--encoder", type=Path, help="another encoder graph with the same inputs and outputs")
    parser.add_argument("--strategy", default="average", choices=STRATEGIES, help="for the entity thresholds")
    parser.add_argument("--skip", nargs="*", default=[], metavar="SOURCE", help="sources of --ner to leave out")
    arguments = parser.parse_args()
    bundled = BundledModel(CATALOG, arguments.model, arguments.encoder)
    if arguments.ner:
        measure_entities(bundled, arguments.ner, arguments.strategy, set(arguments.skip))
    if arguments.sentiment:
        measure_sentiment(bundled, arguments.sentiment)


if __name__ == "__main__":
    main()
