"""Measures any model folder on files in the form that `prepare` writes, or on CoNLL and TSV files.

    python evaluate.py MODEL_FOLDER [--prepared RUN/prepared] [--conll FILE …] [--tsv FILE …] [--out scores.json]

CoNLL: a token and, last in its line, its IOB2 tag; an empty line ends a sentence. TSV: text, tab, label
(negative, neutral, positive, or 0, 1, 2). The language of a file is what its name begins with, up to a full stop.
"""

import argparse
import json
import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
from corpus import LABEL_IDS, SENTIMENTS, read_lines, read_rows, to_entity_row
from metrics import SpanScores, calibration_error, classification_scores, percent, softmax
from pack import IGNORED, label_pieces
from predict import GraphModel, in_batches
from wordpieces import MASK, SPACE, SPECIAL, UNK

MASK_TEXTS = 600
MASKED_WORDS = 4
PERPLEXITY_PIECES = 6
CALIBRATED_WORDS = 600


def decode_spans(encoding, label_ids, labels, pieces, text=None):
    """`{(start, end, type)}` of one row's predicted labels; with `pieces` "first" a word has its first piece's."""
    spans, open_span, previous, label = [], None, None, "O"
    for (start, end), word, label_id, piece in zip(encoding.offsets, encoding.word_ids, label_ids, encoding.tokens):
        if word is None or piece == SPACE:
            continue
        while text is not None and start < end and text[start].isspace():
            start += 1
        if pieces == "all" or word != previous:
            label = labels[label_id]
        continues = pieces == "first" and word == previous
        previous = word
        if label == "O":
            open_span = None
        elif open_span and open_span[2] == label[2:] and (label[0] == "I" or continues):
            open_span[1] = end
        else:
            open_span = [start, end, label[2:]]
            spans.append(open_span)
    return {tuple(span) for span in spans}


def run_entities(model, rows):
    """Scores, and logits and labels of all pieces that have one."""
    encodings = model.tokenizer.encode_batch([row["text"] for row in rows])
    scores, logits, gold = SpanScores(), [], []
    for indices, ids in in_batches([encoding.ids for encoding in encodings]):
        predicted = model.encode(ids)[0]
        for row_logits, i in zip(predicted, indices):
            row, encoding = rows[i], encodings[i]
            row_logits = row_logits[: len(encoding.ids)]
            reached = max((end for _, end in encoding.offsets), default=0)
            expected = {tuple(span) for span in row["entities"] if span[1] <= reached and span[2] in KINDS}
            found = decode_spans(encoding, row_logits.argmax(-1), model.labels, model.label_pieces, row["text"])
            scores.add((row["lang"], "all"), expected, found)
            targets = np.array(label_pieces(encoding, row["entities"], model.label_pieces))
            logits.append(row_logits[targets != IGNORED])
            gold.append(targets[targets != IGNORED])
    return scores.result(), np.concatenate(logits), np.concatenate(gold)


def unknown_pieces(model, rows):
    """Share of the pieces of each language that the tokenizer does not know, in percent: of these a model sees nothing."""
    unknown, all_pieces = Counter(), Counter()
    for row, encoding in zip(rows, model.tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)):
        unknown[row["lang"]] += encoding.ids.count(UNK)
        all_pieces[row["lang"]] += len(encoding.ids)
    return {lang: percent(unknown[lang], count) for lang, count in sorted(all_pieces.items())}


def run_sentiment(model, rows):
    """Logits `[rows, classes]`."""
    encodings = model.tokenizer.encode_batch([row["text"] for row in rows])
    logits = np.zeros((len(rows), len(SENTIMENTS)), np.float32)
    for indices, ids in in_batches([encoding.ids for encoding in encodings]):
        logits[indices] = model.encode(ids)[1]
    return logits


def masked_rows(model, texts, seed):
    """Copies of texts, in each one word masked whole or, for pseudo-perplexity, one piece: `(kind, ids, hidden at, gold)`."""
    chance, copies = random.Random(seed), []
    for encoding in model.tokenizer.encode_batch(texts):
        words = {}
        for column, (word, piece) in enumerate(zip(encoding.word_ids, encoding.ids)):
            if word is not None and piece >= len(SPECIAL):
                words.setdefault(word, []).append(column)
        spelled = [columns for columns in words.values() if "".join(encoding.tokens[c] for c in columns).isalpha()
                   or len(columns) > 1]  # fmt: skip
        chosen = [("word", columns) for columns in chance.sample(spelled, min(MASKED_WORDS, len(spelled)))]
        single = [column for columns in words.values() for column in columns]
        chosen += [("piece", [column]) for column in chance.sample(single, min(PERPLEXITY_PIECES, len(single)))]
        for kind, columns in chosen:
            ids = list(encoding.ids)
            for column in columns:
                ids[column] = MASK
            copies.append((kind, ids, columns, [encoding.ids[column] for column in columns]))
    return copies


def run_mask(model, texts, seed=1):
    """Scores, and logits and pieces of a sample of the masked words."""
    copies = masked_rows(model, texts, seed)
    top1 = top5 = total = 0
    loss, pieces, kept, kept_gold = 0.0, 0, [], []
    for indices, ids in in_batches([copy[1] for copy in copies]):
        hidden = model.encode(ids)[2]
        places = [(row, column, copies[i][0], gold) for row, i in enumerate(indices) for column, gold in zip(*copies[i][2:])]
        logits = model.fill(np.stack([hidden[row, column] for row, column, _, _ in places]))
        best = np.argpartition(-logits, 5, axis=1)[:, :5]
        probabilities = softmax(logits)
        for j, (_, _, kind, gold) in enumerate(places):
            if kind == "word":
                total += 1
                top1 += int(logits[j].argmax() == gold)
                top5 += int(gold in best[j])
                if len(kept) < CALIBRATED_WORDS:
                    kept.append(logits[j])
                    kept_gold.append(gold)
            else:
                pieces += 1
                loss -= math.log(max(float(probabilities[j, gold]), 1e-12))
    scores = {
        "top1": percent(top1, total),
        "top5": percent(top5, total),
        "masked_pieces": total,
        "pseudo_perplexity": round(math.exp(loss / max(1, pieces)), 1),
        "pieces": pieces,
    }
    return scores, np.array(kept), np.array(kept_gold)


def evaluate(model, prepared, texts=MASK_TEXTS, rows=0):
    """All scores on the development files of PREPARED that are there; `rows`: a sample of so many a task, 0 for all."""
    return score(
        model,
        sample(read_rows(prepared, "dev_ner.jsonl"), rows),
        sample(read_rows(prepared, "dev_sentiment.jsonl"), rows),
        sample_raw(prepared, texts),
    )


def sample(rows, count):
    """A reproducible sample in random order; 0 for all."""
    rows = list(rows)
    random.Random(1).shuffle(rows)
    return rows[:count] if count else rows


def sample_raw(prepared, count):
    return sample((line.partition("\t")[2] for line in read_lines(prepared, "dev_raw.tsv")), count)


def score(model, entity_rows, sentiment_rows, raw_texts):
    result = {}
    if entity_rows:
        table, logits, gold = run_entities(model, entity_rows)
        languages = [kinds["all"]["f1"] for lang, kinds in table.items() if lang != "all"]
        result["entities"] = table
        result["entities_mean_f1"] = round(float(np.mean(languages)), 2) if languages else 0.0
        result["unknown_pieces"] = unknown_pieces(model, entity_rows)
        result["entities_calibration_error"] = calibration_error(logits, gold)
    if sentiment_rows:
        logits = run_sentiment(model, sentiment_rows)
        result["sentiment"], result["sentiment_mean_macro_f1"] = sentiment_table(sentiment_rows, logits)
        result["sentiment_calibration_error"] = calibration_error(logits, [row["label"] for row in sentiment_rows])
    if raw_texts:
        result["mask"], logits, gold = run_mask(model, raw_texts)
        if len(gold):
            result["mask_calibration_error"] = calibration_error(logits, gold)
    return result


def sentiment_table(rows, logits):
    """Scores a language, and the mean macro-F1 over those whose rows have all three classes."""
    table, three_class = {}, []
    for lang in sorted({row["lang"] for row in rows}):
        chosen = [i for i, row in enumerate(rows) if row["lang"] == lang]
        gold = [rows[i]["label"] for i in chosen]
        table[lang] = {**classification_scores(gold, logits[chosen].argmax(-1), len(SENTIMENTS)), "classes": len(set(gold))}
        if table[lang]["classes"] == len(SENTIMENTS):
            three_class.append(table[lang]["macro_f1"])
    return table, round(float(np.mean(three_class)), 2) if three_class else 0.0


KINDS = {label[2:] for label in LABEL_IDS if label != "O"}


def read_conll(path):
    lang, tokens, tags = path.name.partition(".")[0], [], []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        fields = line.split()
        if fields and not line.startswith("#"):
            tokens.append(fields[0])
            tags.append(fields[-1])
        elif not fields and tokens:
            yield to_entity_row({"lang": lang, "tokens": tokens, "tags": tags})
            tokens, tags = [], []


def read_tsv(path):
    names = {**{name: i for i, name in enumerate(SENTIMENTS)}, **{str(i): i for i in range(len(SENTIMENTS))}}
    for line in path.read_text(encoding="utf-8").splitlines():
        text, tab, label = line.rpartition("\t")
        if tab and label.strip().lower() in names:
            yield {"lang": path.name.partition(".")[0], "text": text, "label": names[label.strip().lower()]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--prepared", type=Path)
    parser.add_argument("--conll", type=Path, nargs="*", default=[])
    parser.add_argument("--tsv", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model = GraphModel(args.model)
    result = {}
    if args.prepared:
        result["development"] = evaluate(model, args.prepared)
    for path in args.conll:
        result[path.name] = score(model, list(read_conll(path)), [], [])
    for path in args.tsv:
        result[path.name] = score(model, [], list(read_tsv(path)), [])
    text = json.dumps(result, indent=1, ensure_ascii=False)
    if args.out:
        args.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
