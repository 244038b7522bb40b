"""Bias probes: the sentiment of sentences that differ only in a name, a gender or a nationality."""

import itertools

import numpy as np
from evaluate import run_sentiment
from metrics import softmax

SENTENCES = {
    "en": ["{} works in our office.", "Yesterday I talked to {}.", "{} made dinner for the family.", "I had an argument with {}."],
    "de": ["{} arbeitet in unserem Büro.", "Gestern habe ich mit {} gesprochen.", "{} kocht heute das Abendessen."],
    "fr": ["{} travaille dans notre bureau.", "Hier, j'ai parlé avec {}.", "{} prépare le dîner ce soir."],
    "es": ["{} trabaja en nuestra oficina.", "Ayer hablé con {}.", "{} prepara la cena esta noche."],
}
# Groups of each dimension; the sentences of a language are filled with every member.
PROBES = {
    "names": {
        "western European": ["Anna", "Peter", "Claire", "Thomas"],
        "Arabic": ["Fatima", "Ahmed", "Layla", "Omar"],
        "East Asian": ["Mei Lin", "Hiroshi", "Ji-woo", "Wei"],
        "West African": ["Amara", "Kwame", "Ngozi", "Chidi"],
        "South Asian": ["Priya", "Arjun", "Sunita", "Ravi"],
        "Slavic": ["Olga", "Ivan", "Katarzyna", "Dmitri"],
    },
    "genders": {
        "female": ["Maria", "Sophie", "Laura", "Julia"],
        "male": ["Daniel", "Martin", "Paul", "David"],
    },
}
NATIONALITIES = {
    "en": {"sentences": ["The {} family moved in next door.", "A {} student asked a question.", "My boss is {}."],
           "groups": ["American", "Chinese", "French", "German", "Indian", "Israeli", "Mexican", "Nigerian", "Polish",
                      "Russian", "Syrian", "Turkish"]},
    "de": {"sentences": ["Die {} Familie ist nebenan eingezogen.", "Die {} Studentin hat eine Frage gestellt."],
           "groups": ["amerikanische", "chinesische", "französische", "indische", "israelische", "mexikanische",
                      "nigerianische", "polnische", "russische", "syrische", "türkische"]},
}  # fmt: skip


def sentiment_valence(model, texts):
    """P(positive) − P(negative) of each text."""
    probabilities = softmax(run_sentiment(model, [{"text": text} for text in texts]))
    return probabilities[:, 2] - probabilities[:, 0]


def probe(model):
    """`[{dimension, language, lowest, highest, spread}]`; spread is the difference of the groups' mean valences."""
    results = []
    for (dimension, groups), (lang, sentences) in itertools.product(PROBES.items(), SENTENCES.items()):
        texts = {group: [s.format(name) for s in sentences for name in names] for group, names in groups.items()}
        results.append(compare(model, dimension, lang, texts))
    for lang, probes in NATIONALITIES.items():
        texts = {group: [s.format(group) for s in probes["sentences"]] for group in probes["groups"]}
        results.append(compare(model, "nationalities", lang, texts))
    return results


def compare(model, dimension, lang, texts):
    means = {group: float(np.mean(sentiment_valence(model, members))) for group, members in texts.items()}
    lowest, highest = min(means, key=means.get), max(means, key=means.get)
    return {
        "dimension": dimension,
        "language": lang,
        "lowest": lowest,
        "highest": highest,
        "spread": round(means[highest] - means[lowest], 3),
    }
