"""Makes the int8 model folder that ships from the fp32 one, and the catalogue entry that describes it."""

import hashlib
import json
import random
import shutil

from corpus import LABELS, SENTIMENTS, read_rows
from export import SENTENCE_FILES
from graphs import IntegerWeights, write_encoder, write_mask_head
from predict import load_tokenizer
from start import MODEL_CONFIG, MODEL_WEIGHTS, TOKENIZER, load_network
from static_ranges import observe

MAX_BYTES = 48_000_000
# What the product reads. The other files are for transformers and sentence-transformers.
LOADED = (MODEL_CONFIG, TOKENIZER, "tokenizer_config.json")
GRAPHS = ("encoder.onnx", "mlm.onnx")
LANGUAGE_TEXTS = 300


def quantize(run, options):
    """Writes RUN/models/NAME and RUN/models/catalog.json."""
    folder = run / "models" / options.name
    shutil.rmtree(folder, ignore_errors=True)
    for name in (*LOADED, MODEL_WEIGHTS, *SENTENCE_FILES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(run / "fp32" / name, folder / name)
    network = load_network(run / "fp32")
    texts = calibration_texts(run, options.calibration_rows)
    ranges = observe(network, load_tokenizer(folder / TOKENIZER), texts)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    (folder / "onnx").mkdir()
    for write, name in zip((write_encoder, write_mask_head), GRAPHS):
        write(folder / "onnx" / name, network.config, weights, IntegerWeights(weights, ranges))
    size = sum((folder / path).stat().st_size for path in loaded_files(folder))
    print(f"int8 model of {size / 1e6:.2f} MB, ranges from {len(texts)} texts", flush=True)
    if size > MAX_BYTES:
        raise SystemExit(f"{MAX_BYTES / 1e6:.0f} MB are allowed: choose fewer pieces (--keep-pieces) or layers.")
    write_catalog(run, options)


def calibration_texts(run, count):
    """A sample of training texts, as many a language, for the ranges of activations."""
    by_language = {}
    for name in ("ner.jsonl", "sentiment.jsonl"):
        for row in read_rows(run / "prepared", name):
            by_language.setdefault(row["lang"], []).append(row["text"])
    chance = random.Random(1)
    texts = [
        text for _, own in sorted(by_language.items()) for text in chance.sample(own, min(LANGUAGE_TEXTS, len(own)))
    ]
    chance.shuffle(texts)
    return texts[:count]


def loaded_files(folder):
    """What the product reads: paths in the folder."""
    return [*LOADED, *sorted(path.relative_to(folder).as_posix() for path in (folder / "onnx").iterdir())]


def write_catalog(run, options):
    folder = run / "models" / options.name
    entry = {
        "id": options.name,
        "revision": options.revision,
        "title": options.title,
        "bundled": options.name,
        "licence": "MIT",
        "languages": trained_languages(run),
        "labels": {"entities": list(dict.fromkeys(label[2:] for label in LABELS[1:])), "sentiment": SENTIMENTS},
        "limits": {"maxTokens": 128},
        "heads": {
            "encoder": {
                "graph": "onnx/encoder.onnx",
                "outputs": {
                    "token": "token_logits",
                    "sequence": "sentiment_logits",
                    "hidden": "last_hidden_state",
                    "embedding": "sentence_embedding",
                },
            },
            "mask": {"graph": "onnx/mlm.onnx", "input": "hidden", "output": "logits"},
        },
        "files": [
            {"path": path, "sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest()}
            for path in loaded_files(folder)
        ],
    }
    text = json.dumps({"models": [entry]}, indent=2, ensure_ascii=False)
    (run / "models" / "catalog.json").write_text(text + "\n", encoding="utf-8")


def trained_languages(run):
    """Languages with entity rows, most rows first."""
    provenance = json.loads((run / "prepared" / "provenance.json").read_text(encoding="utf-8"))
    rows = {}
    for source in provenance["sources"]:
        if source["task"] == "ner":
            rows[source["language"]] = rows.get(source["language"], 0) + source["rows"]
    return sorted(rows, key=lambda lang: -rows[lang])
