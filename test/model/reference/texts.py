"""The texts that reference results are made with."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SPACED = ("english", "german", "french", "spanish", "arabic")
UNSPACED = ("chinese", "japanese")

# `[MASK]` stands for whatever the model's mask token is.
MASKS = [
    ("The capital of France is [MASK].", None),
    ("[MASK] is the capital of Germany.", None),
    ("She lives in [MASK] and works in [MASK].", None),
    ("[MASK] [MASK] [MASK]", None),
    ("[MASK]", None),
    ("😀👨‍👩‍👧‍👦 I love [MASK] 🎉 and [MASK].", None),
    ("Angela[MASK]Merkel", None),
    ("The film was really [MASK].", None),
    ("The film was really [MASK].", ["good", "bad", "terrible", "great"]),
    ("The film was really [MASK].", ["good"]),
    ("The film was really [MASK].", ["good", "good", "wonderfulness"]),
    ("He drove from [MASK] to [MASK].", ["Paris", "Berlin", "London", "car"]),
    ("Die Hauptstadt von Österreich ist [MASK].", None),
    ("Er hat das Buch [MASK] gelesen.", None),
    ("La capitale de l'Italie est [MASK].", None),
    ("Je suis très [MASK] de vous voir.", None),
    ("La capital de España es [MASK].", None),
    ("Este libro es muy [MASK].", ["bueno", "malo", "rojo"]),
    ("中国的首都是[MASK]京。", None),
    ("我今天很[MASK]兴，因为[MASK]要去上海。", None),
    ("东京是[MASK]本的首都。", ["日", "中", "美"]),
    ("日本の首都は[MASK]京です。", None),
    ("عاصمة مصر هي [MASK].", None),
    ("أحب [MASK] كثيرا.", None),
    ("Москва — столица [MASK].", None),
    ("서울은 [MASK]의 수도이다.", None),
    ("The\r\n[MASK]\r\nwas closed.\u0000", None),
    ("Zu\u0308rich is in [MASK]\u0301.", None),
]


def samples():
    """Sentences of samples/, then each sample whole: those take several windows."""
    names = [*SPACED, *UNSPACED]
    texts = [sentence for name in names for sentence in _sentences_of(name)]
    texts += [(ROOT / "samples" / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    texts.append((ROOT / "samples" / "mixed.md").read_text(encoding="utf-8"))
    return texts


def sentences():
    """Sentences of languages that the samples do not have."""
    languages = json.loads((ROOT / "test/fixtures/sentences/sentences.json").read_text(encoding="utf-8"))
    return [sentence for language in languages.values() for sentence in language]


def hostile():
    entries = json.loads((ROOT / "test/fixtures/hostile/texts.json").read_text(encoding="utf-8"))
    return [entry["text"] for entry in entries]


def _sentences_of(name):
    text = (ROOT / "samples" / f"{name}.txt").read_text(encoding="utf-8")
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if name in UNSPACED:
            yield from re.findall(r"[^。！？]+[。！？]?[」』”]?", paragraph.replace("\n", ""))
        else:
            yield from re.split(r"(?<=[.!?؟])\s+", paragraph.replace("\n", " "))


def as_tokenizers_see_it(text):
    """JavaScript strings may hold lone surrogates; on the way to the tokenizer each becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def to_utf16(text):
    """For each code point index of `text`, and its length, the UTF-16 offset."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets
