"""Makes golden.json: what Hugging Face transformers' pipelines say with the weights that ship.

    pip install -r requirements.txt
    python make_reference.py

Texts are the sentences of samples/, each sample whole (several windows), test/fixtures/hostile/texts.json, and the
mask texts below. Each text is run alone. Offsets are converted to UTF-16. Written with weights of the revision in
models/catalog.json; run it again when these change.
"""

import json
import re
from pathlib import Path

import transformers

from bundled_model import BundledModel, mask_pipeline, sentiment_pipeline, token_pipeline

ROOT = Path(__file__).resolve().parents[3]
MODEL = "subtext-mini"
STRATEGIES = ("none", "simple", "first", "average", "max")
SPACED = ("english", "german", "french", "spanish", "arabic")
UNSPACED = ("chinese", "japanese")
# Content tokens that neighbouring windows share: the engine's default, a quarter of the window.
STRIDE_SHARE = 4
DIGITS = 6
TOP_K = 5

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


def sentences_of(name):
    text = (ROOT / "samples" / f"{name}.txt").read_text(encoding="utf-8")
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if name in UNSPACED:
            yield from re.findall(r"[^。！？]+[。！？]?[」』”]?", paragraph.replace("\n", ""))
        else:
            yield from re.split(r"(?<=[.!?؟])\s+", paragraph.replace("\n", " "))


def to_utf16(text):
    """For each code point index of `text`, and its length, the UTF-16 offset."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def as_tokenizers_see_it(text):
    """JavaScript strings may hold lone surrogates; on the way to the tokenizer each becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def mentions_of(pipeline, text, strategy, stride):
    options = {"stride": stride} if stride else {}
    at = to_utf16(text)
    return [
        [
            at[m["start"]],
            at[m["end"]],
            m["entity"].split("-", 1)[-1] if strategy == "none" else m["entity_group"],
            round(float(m["score"]), DIGITS),
        ]
        for m in pipeline(text, aggregation_strategy=strategy, **options)
    ]


def main():
    bundled = BundledModel(ROOT / "models" / "catalog.json", MODEL)
    tokens, sentiment, masks = token_pipeline(bundled), sentiment_pipeline(bundled), mask_pipeline(bundled)
    stride = bundled.max_tokens // STRIDE_SHARE

    names = [*SPACED, *UNSPACED]
    texts = [sentence for name in names for sentence in sentences_of(name)]
    texts += [(ROOT / "samples" / f"{name}.txt").read_text(encoding="utf-8") for name in names]
    texts.append((ROOT / "samples" / "mixed.md").read_text(encoding="utf-8"))
    hostile = json.loads((ROOT / "test/fixtures/hostile/texts.json").read_text(encoding="utf-8"))
    texts += [entry["text"] for entry in hostile]

    results = []
    for source in texts:
        text = as_tokenizers_see_it(source)
        fits = len(bundled.tokenizer(text, verbose=False)["input_ids"]) <= bundled.max_tokens
        result = {"text": source, "mentions": {}}
        for strategy in STRATEGIES:
            # The pipeline refuses to read windows without grouping.
            if fits or strategy != "none":
                result["mentions"][strategy] = mentions_of(tokens, text, strategy, None if fits else stride)
        if fits:  # The pipeline knows no windows here.
            scores = {entry["label"]: entry["score"] for entry in sentiment(text, top_k=None)}
            result["sentiment"] = [round(scores[label], DIGITS) for _, label in sorted(bundled.sentiment_labels.items())]
        results.append(result)

    predictions = []
    for text, targets in MASKS:
        options = {"targets": targets} if targets else {}
        found = masks(text, top_k=TOP_K, **options)
        rows = found if isinstance(found[0], list) else [found]
        at = to_utf16(text)
        starts = [match.start() for match in re.finditer(re.escape(bundled.tokenizer.mask_token), text)]
        predictions.append(
            {
                "text": text,
                **({"targets": targets} if targets else {}),
                "masks": [
                    {
                        "span": [at[start], at[start + len(bundled.tokenizer.mask_token)]],
                        "candidates": [[one["token"], one["token_str"], round(one["score"], DIGITS)] for one in row],
                    }
                    for start, row in zip(starts, rows, strict=True)
                ],
            }
        )

    head = {"model": MODEL, "revision": bundled.revision, "transformers": transformers.__version__, "topK": TOP_K}
    lines = lambda items: ",\n".join(json.dumps(item, ensure_ascii=True, separators=(",", ":")) for item in items)
    golden = f'{json.dumps(head)[:-1]},\n"texts": [\n{lines(results)}\n],\n"masks": [\n{lines(predictions)}\n]}}\n'
    (Path(__file__).parent / "golden.json").write_text(golden, encoding="ascii")
    print(f"{len(results)} texts, {len(predictions)} mask texts")


if __name__ == "__main__":
    main()
