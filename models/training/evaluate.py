"""Measures any model folder on files in the form that `prepare` writes, or on CoNLL and TSV files.

    python evaluate.py MODEL_FOLDER [--prepared RUN/prepared] [--conll FILE …] [--tsv FILE …] [--out scores.json]

CoNLL: a token and, last in its line, its IOB2 tag; an empty line ends a sentence. TSV: text, tab, label
(negative, neutral, positive, or 0, 1, 2). The language of a file is what its name begins with, up to a full stop.
"""

import argparse
import json
import math
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
from corpus import LABEL_IDS, SENTIMENTS, read_lines, read_rows, to_entity_row
from metrics import SpanScores, calibration_error, classification_scores, fit_thresholds, percent, softmax
from pack import IGNORED, label_pieces
from predict import GraphModel, in_batches
from wordpieces import MASK, SPACE, UNK

MASK_TEXTS = 600
MASKED_WORDS = 4
# Candidates of a masked word that count.
BEST = 5
CALIBRATED_PIECES = 600
# Words between characters that are none, of scripts that write spaces: any tokenizer can be asked for them.
WORD = re.compile(r"[^\W\d_]{2,}")
UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def decode_spans(encoding, logits, labels, pieces, text):
    """`{(start, end, type): score}` of one row; with `pieces` "first" a word has its first piece's label.

    The score is the mean of the probabilities of the labels. A piece that is only a space is passed over: its label,
    which is O in training, tells nothing.
    """
    probabilities = softmax(logits)
    spans, open_span, previous, label, score = [], None, None, "O", 0.0
    for (start, end), word, row, piece in zip(encoding.offsets, encoding.word_ids, probabilities, encoding.tokens):
        if word is None or piece == SPACE:
            continue
        # The space before a piece is not of the span.
        while start < end and text[start].isspace():
            start += 1
        continues = pieces == "first" and word == previous
        previous = word
        if not continues:
            best = row.argmax()
            label, score = labels[best], float(row[best])
        if label == "O":
            open_span = None
        elif open_span and open_span[1] == label[2:] and (label[0] == "I" or continues):
            open_span[2:] = [end, [*open_span[3], score]]
        else:
            open_span = [start, label[2:], end, [score]]
            spans.append(open_span)
    return {(start, end, kind): sum(scores) / len(scores) for start, kind, end, scores in spans}


def run_entities(model, rows):
    """Scores, logits and labels of all pieces that have one, and what was found: `(language, type, score, right)`."""
    encodings = model.tokenizer.encode_batch([row["text"] for row in rows])
    scores, logits, gold, found = SpanScores(), [], [], []
    for indices, ids in in_batches([encoding.ids for encoding in encodings]):
        predicted = model.encode(ids)[0]
        for row_logits, i in zip(predicted, indices):
            row, encoding = rows[i], encodings[i]
            row_logits = row_logits[: len(encoding.ids)]
            reached = max((end for _, end in encoding.offsets), default=0)
            expected = {tuple(span) for span in row["entities"] if span[1] <= reached and span[2] in KINDS}
            spans = decode_spans(encoding, row_logits, model.labels, model.label_pieces, row["text"])
            scores.add((row["lang"], "all"), expected, set(spans))
            found += [(row["lang"], span[2], score, span in expected) for span, score in spans.items()]
            targets = np.array(label_pieces(encoding, row["entities"], model.label_pieces))
            logits.append(row_logits[targets != IGNORED])
            gold.append(targets[targets != IGNORED])
    return scores.result(), np.concatenate(logits), np.concatenate(gold), found


def unknown_pieces(model, rows):
    """Per cent of the pieces of each language that the tokenizer does not know: of these a model sees nothing."""
    unknown, all_pieces = Counter(), Counter()
    encodings = model.tokenizer.encode_batch([row["text"] for row in rows], add_special_tokens=False)
    for row, encoding in zip(rows, encodings):
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


def masked_words(model, texts, seed):
    """Copies of texts with one word masked, a mask for each of its pieces: `(ids, columns of masks, pieces)`."""
    chance, copies, mask = random.Random(seed), [], model.tokenizer.id_to_token(MASK)
    for text in texts:
        words = [match for match in WORD.finditer(text) if not UNSPACED.search(match.group())]
        for match in chance.sample(words, min(MASKED_WORDS, len(words))):
            pieces = model.tokenizer.encode(match.group(), add_special_tokens=False).ids
            ids = model.tokenizer.encode(text[: match.start()] + mask * len(pieces) + text[match.end() :]).ids
            columns = [column for column, piece in enumerate(ids) if piece == MASK]
            # Otherwise the word lies behind what the model sees.
            if len(columns) == len(pieces):
                copies.append((ids, columns, pieces))
    return copies


def run_mask(model, texts, seed=1):
    """Scores by whole words, so that vocabularies can be compared; logits and pieces of some masks.

    The pieces of a word are judged as if each were alone: a word is as probable as the product of its pieces.
    """
    copies = masked_words(model, texts, seed)
    top1 = top5 = 0
    loss, kept, kept_gold = 0.0, [], []
    for indices, ids in in_batches([copy[0] for copy in copies]):
        hidden = model.encode(ids)[2]
        for row, i in enumerate(indices):
            _, columns, pieces = copies[i]
            logits = model.fill(hidden[row, columns])
            scores = np.log(softmax(logits.astype(np.float64)))
            ranked = best_words(scores)
            top1 += ranked[0] == tuple(pieces)
            top5 += tuple(pieces) in ranked
            loss -= scores[np.arange(len(pieces)), pieces].sum()
            if len(kept) < CALIBRATED_PIECES:
                kept += list(logits)
                kept_gold += pieces
    table = {
        "top1": percent(top1, len(copies)),
        "top5": percent(top5, len(copies)),
        "masked_words": len(copies),
        "word_perplexity": round(math.exp(loss / max(1, len(copies))), 1),
    }
    return table, np.array(kept), np.array(kept_gold)


def best_words(scores):
    """The most probable words as tuples of pieces, best first, by the log-probabilities `[pieces, vocabulary]`."""
    words = [(0.0, ())]
    for row in scores:
        best = np.argpartition(-row, BEST)[:BEST]
        longer = [(score + row[piece], (*word, int(piece))) for score, word in words for piece in best]
        words = sorted(longer, reverse=True)[:BEST]
    return [word for _, word in words]


def compare_vectors(model, other, texts):
    """The mean and the least cosine of the sentence vectors of two models of one tokenizer."""
    cosines = [
        (model.embed(ids) * other.embed(ids)).sum(1)
        for _, ids in in_batches([encoding.ids for encoding in model.tokenizer.encode_batch(texts)])
    ]
    cosines = np.concatenate(cosines)
    return {"mean_cosine": round(float(cosines.mean()), 5), "least_cosine": round(float(cosines.min()), 5)}


def evaluate_run(run, options):
    """Writes RUN/scores.json, of the graphs in fp32 and int8, and RUN/thresholds.json for int8."""
    from bias import probe

    scores, models = {}, {"fp32": GraphModel(run / "fp32"), "int8": GraphModel(run / "models" / options.name)}
    for name, model in models.items():
        scores[name] = evaluate(model, run / "prepared", options.eval_texts, options.eval_rows)
        shown = {key: value for key, value in scores[name].items() if not isinstance(value, (dict, list))}
        print(name, json.dumps({**shown, **scores[name].get("mask", {})}), flush=True)
    texts = sample_raw(run / "prepared", options.eval_texts)
    scores["vectors"] = compare_vectors(models["fp32"], models["int8"], texts)
    scores["bias"] = probe(models["int8"])
    found = {name: scores[name].pop("found") for name in models}
    write_scores(run / "scores.json", scores)
    write_scores(run / "thresholds.json", fit_thresholds(found["int8"], scores["int8"]["entities"]))


def write_scores(path, scores):
    path.write_text(json.dumps(scores, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


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
        table, logits, gold, result["found"] = run_entities(model, entity_rows)
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
        scores = classification_scores(gold, logits[chosen].argmax(-1), len(SENTIMENTS))
        table[lang] = {**scores, "classes": len(set(gold))}
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
    for scores in result.values():
        scores.pop("found", None)
    if args.out:
        write_scores(args.out, result)
    print(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
