"""Makes the int8 model folder that ships from the fp32 one, and the catalogue entry that describes it."""

import hashlib
import json
import lzma
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from corpus import read_rows
from export import save_graph
from onnx import TensorProto, helper, numpy_helper
from start import MODEL_WEIGHTS

MAX_BYTES = 40_000_000
LOADED = ("config.json", "tokenizer.json", "tokenizer_config.json")
GRAPHS = ("encoder.onnx", "mlm.onnx")


def quantize(run, options):
    """Writes RUN/models/NAME and RUN/models/catalog.json."""
    folder = run / "models" / options.name
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "onnx").mkdir(parents=True)
    for name in (*LOADED, MODEL_WEIGHTS):
        shutil.copyfile(run / "fp32" / name, folder / name)
    for name in GRAPHS:
        quantize_graph(run / "fp32" / "onnx" / name, folder / "onnx" / name)
    texts = write_calibration_texts(run)
    here = Path(__file__).parent
    rows = str(options.calibration_rows)
    subprocess.run([sys.executable, here / "static_ranges.py", folder, texts, "--rows", rows], check=True)
    subprocess.run([sys.executable, here / "fuse_graph.py", folder], check=True)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != MODEL_WEIGHTS)
    print(f"int8 model of {size / 1e6:.1f} MB", flush=True)
    if size > MAX_BYTES:
        raise SystemExit(f"The model has {size / 1e6:.1f} MB, {MAX_BYTES / 1e6:.0f} are allowed: choose fewer pieces or layers.")
    write_catalog(run, options)


def quantize_graph(source, target):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(source)
    quantize_embeddings(model.graph)
    # Shapes the exporter noted contradict those of transposed weights, and onnxruntime infers them itself.
    del model.graph.value_info[:]
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        onnx.save(model, plain)
        small = Path(folder) / "small.onnx"
        quantize_dynamic(plain, small, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
        save_graph(onnx.load(small), target)


def quantize_embeddings(graph):
    """Makes the table of the Gather of word pieces int8 rows with a scale each."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    words = [node for node in graph.node if node.op_type == "Gather" and node.input[1] == "input_ids"]
    for node in words:
        tensor = constants[node.input[0]]
        table = numpy_helper.to_array(tensor)
        scales = (np.abs(table).max(1, keepdims=True) / 127).astype(np.float32)
        scales[scales == 0] = 1
        rows = np.clip(np.round(table / scales), -127, 127).astype(np.int8)
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(rows, "word_rows"))
        graph.initializer.append(numpy_helper.from_array(scales, "word_scales"))
        place = list(graph.node).index(node)
        graph.node.remove(node)
        replacement = [
            helper.make_node("Gather", ["word_rows", "input_ids"], ["word_row"]),
            helper.make_node("Cast", ["word_row"], ["word_row_float"], to=TensorProto.FLOAT),
            helper.make_node("Gather", ["word_scales", "input_ids"], ["word_scale"]),
            helper.make_node("Mul", ["word_row_float", "word_scale"], [node.output[0]]),
        ]
        for i, new in enumerate(replacement):
            graph.node.insert(place + i, new)


def write_calibration_texts(run):
    """A sample of training texts, as many a language, for the ranges of activations."""
    path = run / "calibration.jsonl.xz"
    by_language = {}
    for name in ("ner.jsonl", "sentiment.jsonl"):
        for row in read_rows(run / "prepared", name):
            by_language.setdefault(row["lang"], []).append(row["text"])
    chance = random.Random(1)
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for _, texts in sorted(by_language.items()):
            for text in chance.sample(texts, min(300, len(texts))):
                file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    return path


def write_catalog(run, options):
    folder = run / "models" / options.name
    paths = [*LOADED, *(f"onnx/{name}{end}" for name in GRAPHS for end in ("", ".data"))]
    entry = {
        "id": options.name,
        "revision": options.revision,
        "title": options.title,
        "bundled": options.name,
        "licence": "MIT",
        "languages": trained_languages(run),
        "limits": {"maxTokens": 128},
        "heads": {
            "encoder": {
                "graph": "onnx/encoder.onnx",
                "outputs": {"token": "token_logits", "sequence": "sentiment_logits", "hidden": "last_hidden_state"},
            },
            "mask": {"graph": "onnx/mlm.onnx", "input": "hidden", "output": "logits"},
        },
        "files": [
            {"path": path, "sha256": hashlib.sha256((folder / path).read_bytes()).hexdigest()} for path in paths
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
