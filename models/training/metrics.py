"""Scores, and temperatures that make probabilities mean what they say."""

import math
from collections import defaultdict

import numpy as np

BINS = 15
# Of entities that are shown.
PRECISION = 0.75
LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.25, 4.0
SEARCH_STEPS = 16


def softmax(logits):
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


def precision_recall_f1(right, predicted, gold):
    """In per cent, of counts."""
    return {
        "precision": percent(right, predicted),
        "recall": percent(right, gold),
        "f1": percent(2 * right, predicted + gold),
        "entities": gold,
    }


def percent(part, whole):
    return round(100 * part / whole, 2) if whole else 0.0


class SpanScores:
    """Exact spans: start, end and type have to be right."""

    def __init__(self):
        self._counts = defaultdict(lambda: np.zeros(3, int))

    def add(self, keys, gold, predicted):
        """`gold` and `predicted`: sets of `(start, end, type)`; `keys`: what they count for, such as a language."""
        for kind in {span[2] for span in gold | predicted}:
            one, other = ({span for span in spans if span[2] == kind} for spans in (gold, predicted))
            counts = (len(one & other), len(other), len(one))
            for key in keys:
                self._counts[(key, kind)] += counts
                self._counts[(key, "all")] += counts

    def result(self):
        """`{key: {type: scores}}`, "all" among the types."""
        table = defaultdict(dict)
        for (key, kind), counts in sorted(self._counts.items()):
            table[key][kind] = precision_recall_f1(*map(int, counts))
        return dict(table)


def fit_thresholds(found, table):
    """Least scores with which enough of the shown entities are right, and as many as possible are shown.

    `found`: `(language, type, score, right)` each; `table`: what `SpanScores` gives. Gives `{language: {type: …}}`,
    "all" among both; a threshold of None where none is enough.
    """
    groups = defaultdict(list)
    for lang, kind, score, right in found:
        for key in ((lang, kind), (lang, "all"), ("all", kind), ("all", "all")):
            groups[key].append((score, right))
    return {
        lang: {kind: fit_threshold(groups[lang, kind], scores["entities"]) for kind, scores in kinds.items()}
        for lang, kinds in table.items()
    }


def fit_threshold(found, entities):
    """`found`: `(score, right)` of a group; `entities`: how many there are to find."""
    found = sorted(found, reverse=True)
    right = np.cumsum([right for _, right in found])
    # Of equal scores either all are shown or none.
    enough = [
        i + 1
        for i, (score, _) in enumerate(found)
        if right[i] >= PRECISION * (i + 1) and (i + 1 == len(found) or found[i + 1][0] < score)
    ]
    shown = enough[-1] if enough else 0
    return {
        # Rounded down, so that the last one is shown.
        "threshold": math.floor(1e4 * found[shown - 1][0]) / 1e4 if 0 < shown < len(found) else 0.0 if shown else None,
        "precision": percent(int(right[shown - 1]), shown) if shown else 0.0,
        "recall": percent(int(right[shown - 1]), entities) if shown else 0.0,
        "shown": shown,
        "found": len(found),
        "entities": entities,
        "precision_of_all": percent(int(right[-1]), len(found)) if found else 0.0,
    }


def classification_scores(gold, predicted, classes):
    """Accuracy, and the mean F1 of the classes that occur among the gold ones."""
    gold, predicted = np.array(gold), np.array(predicted)
    scores = []
    for label in range(classes):
        if (gold == label).any():
            right = int(((gold == label) & (predicted == label)).sum())
            scores.append(200 * right / int((gold == label).sum() + (predicted == label).sum()))
    return {
        "accuracy": percent(int((gold == predicted).sum()), len(gold)),
        "macro_f1": round(float(np.mean(scores)), 2),
        "rows": len(gold),
    }


def calibration_error(logits, gold):
    """Expected calibration error in per cent: how far confidence is from accuracy, over BINS equal bins."""
    probabilities = softmax(np.asarray(logits, np.float64))
    confidence = probabilities.max(-1)
    right = probabilities.argmax(-1) == np.asarray(gold)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    error = sum(
        abs(confidence[bins == b].sum() - right[bins == b].sum()) for b in range(BINS) if (bins == b).any()
    )
    return round(100 * float(error) / len(right), 2)


def fit_temperature(logits, gold):
    """The temperature under which the gold classes are most likely."""
    logits, gold = np.asarray(logits, np.float64), np.asarray(gold)
    logits = logits - logits.max(-1, keepdims=True)
    gold_logits = logits[np.arange(len(gold)), gold]

    def loss(inverse):
        return float(np.mean(np.log(np.exp(logits * inverse).sum(-1)) - gold_logits * inverse))

    # The loss is convex in the inverse of the temperature.
    low, high = 1 / MOST_TEMPERATURE, 1 / LEAST_TEMPERATURE
    for _ in range(SEARCH_STEPS):
        third = (high - low) / 3
        if loss(low + third) < loss(high - third):
            high -= third
        else:
            low += third
    return 2 / (low + high)
