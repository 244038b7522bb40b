"""Measures what the defaults of Subtext's settings should be for the bundled model.

    python measure_defaults.py --ner dev_ner.jsonl.xz --sentiment dev_sentiment.jsonl.xz

Prints Markdown tables: entity-level F1 (same span, same type) of each aggregation strategy, precision and recall
of entities over thresholds, and of "negative" over thresholds. Rows of the development sets are
`{lang, source, tokens, tags}` and `{lang, source, label, text}`; see docs/defaults.md. Means are over the languages
that models/catalog.json names for the model; the others are listed in brackets.
"""

import argparse
import json
import lzma
from collections import defaultdict
from pathlib import Path

import torch

from auto import auto_mentions
from bundled_model import BundledModel, bucketed, token_pipeline

CATALOG = Path(__file__).resolve().parents[3] / "models" / "catalog.json"
PIPELINE_STRATEGIES = ("simple", "first", "average", "max")
STRATEGIES = ("auto", *PIPELINE_STRATEGIES)
ENTITY_THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SENTIMENT_THRESHOLDS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
UNSPACED = ("ja", "ko", "zh")  # Korean has spaces, but its endings are written on to names.
NEGATIVE = 0
# News and encyclopaedias, of which few sentences are negative: what is reported there is mostly a false alarm.
SOBER_SOURCES = ("anercorp", "nerel", "norne", "stockmark", "turkish_wiki_ner", "ud_ja_gsd_ne", "uner")


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


def precision(hits, found, *_):
    return 100 * hits / found if found else 0.0


def recall(hits, _, gold, *__):
    return 100 * hits / gold if gold else 0.0


def cuts_word(text, start, end):
    """Whether a span begins or ends between two letters or digits."""
    return any(0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in (start, end))


def f1(hits, found, gold, *_):
    return 200 * hits / (found + gold) if found + gold else 0.0


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "|".join([" --- "] + [" ---: "] * (len(head) - 1)) + "|")
    for row in rows:
        print("| " + " | ".join(f"{cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")
    print()


def languages_of(rows, bundled):
    """All languages, and those of them that the model is for."""
    languages = sorted({row["lang"] for row in rows}, key=lambda lang: (lang not in bundled.languages, lang))
    return languages, [lang for lang in languages if lang in bundled.languages]


def heading(lang, bundled):
    return lang if lang in bundled.languages else f"({lang})"


def percent(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "–"


def count_entities(bundled, rows):
    """`counts[lang, strategy, threshold]`: entities found rightly, found, annotated, and found that cut a word."""
    pipeline = token_pipeline(bundled)
    # A model is not blamed for a type that a source does not annotate.
    types = defaultdict(set)
    for row in rows:
        types[row["lang"], row["source"]] |= {tag[2:] for tag in row["tags"] if tag != "O"}
    texts = [to_text(row["tokens"], row["lang"]) for row in rows]
    encoded, results = bucketed(bundled, [text for text, _ in texts])
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for i, (row, (text, starts), (logits, _)) in enumerate(zip(rows, texts, results)):
        offsets = encoded["offset_mapping"][i]
        window_end = max(end for _, end in offsets)
        gold = {span for span in gold_spans(row["tokens"], row["tags"], starts) if span[1] <= window_end}
        output = {
            "logits": torch.from_numpy(logits).unsqueeze(0),
            "sentence": text,
            "input_ids": torch.tensor([encoded["input_ids"][i]]),
            "offset_mapping": torch.tensor([offsets]),
            "special_tokens_mask": torch.tensor([[1, *[0] * (len(offsets) - 2), 1]]),
            "word_ids": None,
        }
        mentions = {}
        for strategy in PIPELINE_STRATEGIES:
            parameters = pipeline._sanitize_parameters(aggregation_strategy=strategy)[2]
            mentions[strategy] = {
                (m["start"], m["end"], m["entity_group"]): m["score"]
                for m in pipeline.postprocess([output], **parameters)
                if m["entity_group"] in types[row["lang"], row["source"]]
            }
        encoding = encoded.encodings[i]
        inner = slice(1, len(offsets) - 1)
        probabilities = torch.softmax(torch.from_numpy(logits), -1)[inner]
        found = auto_mentions(
            text, encoding.tokens[inner], offsets[inner], encoding.word_ids[inner], probabilities, bundled.token_labels
        )
        mentions["auto"] = {
            span: score for span, score in found.items() if span[2] in types[row["lang"], row["source"]]
        }
        for strategy, found in mentions.items():
            for threshold in ENTITY_THRESHOLDS:
                kept = {span for span, score in found.items() if score >= threshold}
                count = counts[row["lang"], strategy, threshold]
                cuts = sum(cuts_word(text, start, end) for start, end, _ in kept)
                for j, value in enumerate((len(gold & kept), len(kept), len(gold), cuts)):
                    count[j] += value
    return counts


def measure_entities(bundled, path, threshold, skip):
    rows = [row for row in rows_of(path) if row["source"] not in skip]
    counts = count_entities(bundled, rows)
    languages, meant = languages_of(rows, bundled)

    def mean(score, strategy, at):
        return sum(score(*counts[lang, strategy, at]) for lang in meant) / len(meant)

    for at in (ENTITY_THRESHOLDS[0], threshold):
        print(f"Entity F1 at threshold {at:g}, {len(rows)} sentences\n")
        table(
            ["language", "sentences", "entities", *STRATEGIES],
            [
                [heading(lang, bundled), sum(row["lang"] == lang for row in rows), counts[lang, "simple", at][2]]
                + [f1(*counts[lang, strategy, at]) for strategy in STRATEGIES]
                for lang in languages
            ]
            + [["**mean**", "", "", *[mean(f1, strategy, at) for strategy in STRATEGIES]]],
        )
    spaced = [lang for lang in meant if lang not in UNSPACED]
    print(f"Percent of the entities shown at threshold {threshold:g} that begin or end within a word, spaced languages\n")
    sums = [[sum(counts[lang, s, threshold][j] for lang in spaced) for j in (3, 1)] for s in STRATEGIES]
    table(STRATEGIES, [[percent(*pair) for pair in sums]])
    print("Precision / recall / F1 over thresholds, means over the languages\n")
    scores = (precision, recall, f1)
    table(
        ["threshold", *STRATEGIES],
        [
            [f"{at:g}", *[" / ".join(f"{mean(score, s, at):.1f}" for score in scores) for s in STRATEGIES]]
            for at in ENTITY_THRESHOLDS
        ],
    )


def negative_scores(bundled, texts):
    _, results = bucketed(bundled, texts)
    return [torch.softmax(torch.from_numpy(logits), 0)[NEGATIVE].item() for _, logits in results]


def measure_sentiment(bundled, path):
    rows = rows_of(path)
    scores = negative_scores(bundled, [row["text"] for row in rows])
    languages, meant = languages_of(rows, bundled)
    print(f"Precision of `negative` in percent (share of the negative texts that is found), {len(rows)} texts\n")
    body = []
    for name, group in [*((heading(lang, bundled), [lang]) for lang in languages), ("**together**", meant)]:
        mine = [(row["label"], score) for row, score in zip(rows, scores) if row["lang"] in group]
        negatives = sum(label == NEGATIVE for label, _ in mine)
        cells = []
        for threshold in SENTIMENT_THRESHOLDS:
            reported = [label for label, score in mine if score >= threshold]
            hits = sum(label == NEGATIVE for label in reported)
            cells.append(f"{percent(hits, len(reported))} ({percent(hits, negatives)})")
        body.append([name, len(mine), negatives, *cells])
    table(["language", "texts", "negative", *[f"≥ {t:g}" for t in SENTIMENT_THRESHOLDS]], body)


def measure_false_alarms(bundled, path):
    rows = [row for row in rows_of(path) if row["source"] in SOBER_SOURCES]
    scores = negative_scores(bundled, [to_text(row["tokens"], row["lang"])[0] for row in rows])
    languages, meant = languages_of(rows, bundled)
    print(f"Share of news and encyclopaedia sentences reported as `negative`, in percent, {len(rows)} sentences\n")
    body = []
    for name, group in [*((heading(lang, bundled), [lang]) for lang in languages), ("**together**", meant)]:
        mine = [score for row, score in zip(rows, scores) if row["lang"] in group]
        cells = [percent(sum(score >= threshold for score in mine), len(mine)) for threshold in SENTIMENT_THRESHOLDS]
        body.append([name, len(mine), *cells])
    table(["language", "sentences", *[f"≥ {t:g}" for t in SENTIMENT_THRESHOLDS]], body)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ner", type=Path)
    parser.add_argument("--sentiment", type=Path)
    parser.add_argument("--model", default="subtext-base", help="id in models/catalog.json")
    parser.add_argument("--encoder", type=Path, help="another encoder graph with the same inputs and outputs")
    parser.add_argument("--threshold", type=float, default=0.6, choices=ENTITY_THRESHOLDS, help="of the second table")
    parser.add_argument("--skip", nargs="*", default=[], metavar="SOURCE", help="sources of --ner to leave out")
    arguments = parser.parse_args()
    bundled = BundledModel(CATALOG, arguments.model, arguments.encoder)
    if arguments.ner:
        measure_entities(bundled, arguments.ner, arguments.threshold, set(arguments.skip))
    if arguments.sentiment:
        measure_sentiment(bundled, arguments.sentiment)
    if arguments.ner:
        measure_false_alarms(bundled, arguments.ner)


if __name__ == "__main__":
    main()
