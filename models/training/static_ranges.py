"""Gives the quantised graphs of a model fixed activation ranges.

`quantize_dynamic` of onnxruntime takes the range of every activation over the whole batch, so the result of a
sentence depends on its neighbours: by up to 0.05 in probability for subtext-mini. Here each DynamicQuantizeLinear
becomes a QuantizeLinear with the range that was seen on sample texts, widest hundredth on each side left out. Every
row is then computed by itself, however it is batched, at the same speed and the same F1.

    python static_ranges.py MODEL_FOLDER TEXTS.jsonl.xz [TEXTS.jsonl.xz …] [--rows 2000]

TEXTS holds JSON lines with `tokens` (joined by spaces, or by nothing in Chinese and Japanese) or `text`; labels are
not read. MODEL_FOLDER/onnx/{encoder,mlm}.onnx and their .data are rewritten in place; graphs without dynamic
quantisation are left alone. Needs numpy, onnx, onnxruntime, tokenizers.
"""

import argparse
import json
import lzma
import random
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

MAX_TOKENS = 128
UNSPACED = {"zh", "ja"}
# Share of the texts whose own extremes may lie outside of the range: a few outliers must not coarsen all values.
CLIPPED = 1.0
MASK_SHARE = 0.15


def read_texts(paths, count, seed):
    """A reproducible sample of `count` texts over all files."""
    texts = []
    for path in paths:
        for line in lzma.open(path, "rt", encoding="utf-8"):
            row = json.loads(line)
            joint = "" if row.get("lang") in UNSPACED else " "
            texts.append(row["text"] if "text" in row else joint.join(row["tokens"]))
    random.Random(seed).shuffle(texts)
    return texts[:count]


def quantized_activations(graph):
    return [node for node in graph.node if node.op_type == "DynamicQuantizeLinear"]


def observe(model_path, feeds):
    """Lowest and highest value of each activation to be quantised, one pair a feed."""
    model = onnx.load(model_path)
    names = [node.input[0] for node in quantized_activations(model.graph)]
    present = {output.name for output in model.graph.output}
    for name in names:
        if name not in present:
            model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    seen = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        exposed = str(Path(folder) / "exposed.onnx")
        onnx.save(model, exposed)
        session = onnxruntime.InferenceSession(exposed)
        for feed in feeds:
            for name, value in zip(names, session.run(names, feed)):
                seen[name].append((value.min(), value.max()))
    return seen


def fix_ranges(model_path, seen):
    model = onnx.load(model_path)
    graph = model.graph
    for node in quantized_activations(graph):
        lows, highs = np.array(seen[node.input[0]]).T
        # Zero has to be representable: it is what padding and dead units are.
        low = min(float(np.percentile(lows, CLIPPED)), 0.0)
        high = max(float(np.percentile(highs, 100 - CLIPPED)), 0.0)
        scale = np.float32((high - low) / 255)
        zero_point = np.uint8(np.clip(round(-low / scale), 0, 255))
        quantized, scale_name, zero_point_name = node.output
        graph.initializer.append(numpy_helper.from_array(np.array(scale), scale_name))
        graph.initializer.append(numpy_helper.from_array(np.array(zero_point), zero_point_name))
        node.CopyFrom(
            helper.make_node(
                "QuantizeLinear", [node.input[0], scale_name, zero_point_name], [quantized], name=node.name
            )
        )
    onnx.checker.check_model(model)
    data = Path(f"{model_path}.data")
    data.unlink(missing_ok=True)
    onnx.save(
        model,
        model_path,
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=data.name,
        size_threshold=1024,
    )
    data.chmod(0o644)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    tokenizer = Tokenizer.from_file(str(args.model / "tokenizer.json"))
    texts = read_texts(args.texts, args.rows, args.seed)
    encoded = [np.array([tokenizer.encode(text).ids[:MAX_TOKENS]]) for text in texts]
    encoder = args.model / "onnx" / "encoder.onnx"
    mask_head = args.model / "onnx" / "mlm.onnx"

    def inputs(ids):
        return {"input_ids": ids, "attention_mask": np.ones_like(ids)}

    def masked_rows():
        session = onnxruntime.InferenceSession(str(encoder))
        mask, chance = tokenizer.token_to_id("[MASK]"), np.random.default_rng(args.seed)
        for ids in encoded:
            masked = chance.random(ids.shape) < MASK_SHARE
            masked[:, [0, -1]] = False
            if masked.any():
                hidden = session.run(["last_hidden_state"], inputs(np.where(masked, mask, ids)))[0]
                yield {"hidden": hidden[masked]}

    seen = observe(mask_head, masked_rows())
    fix_ranges(encoder, observe(encoder, map(inputs, encoded)))
    fix_ranges(mask_head, seen)
    print(f"Ranges of {len(seen)} activations of the mask head and all of the encoder from {len(texts)} texts.")


if __name__ == "__main__":
    main()
