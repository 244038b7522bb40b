"""Makes models of the shapes that `npm run bench -- shapes` measures, with random weights, in .cache/bench-models.

    python test/bench/make_shapes.py

Needs torch, transformers, onnx, onnxscript and onnxruntime, as models/training/requirements.txt has them. Takes some
minutes, 4 GB of disk and as much memory. Speed does not depend on the weights, so nothing is downloaded; the tokenizer
is that of the bundled model, whose ids are all below the vocabulary sizes here.
"""

import json
import shutil
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import (
    BertConfig,
    BertForMaskedLM,
    BertForTokenClassification,
    DistilBertConfig,
    DistilBertForMaskedLM,
    DistilBertForTokenClassification,
)

ROOT = Path(__file__).resolve().parents[2]
TOKENIZER = ROOT / "models" / "subtext-base"
TARGET = ROOT / ".cache" / "bench-models"

LABELS = ["O", *(f"{prefix}-{kind}" for kind in ("PER", "ORG", "LOC", "MISC") for prefix in "BI")]
VOCABULARY = 119_547

# The configurations of distilbert-base-multilingual-cased and bert-base-multilingual-cased.
SHAPES = {
    "6-layers": (
        DistilBertConfig(vocab_size=VOCABULARY),
        {"entities": DistilBertForTokenClassification, "fill-mask": DistilBertForMaskedLM},
    ),
    "12-layers": (
        BertConfig(vocab_size=VOCABULARY),
        {"entities": BertForTokenClassification, "fill-mask": BertForMaskedLM},
    ),
}


class Logits(torch.nn.Module):
    """A model with the inputs and the one output that files on the Hub have."""

    def __init__(self, model, names):
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs):
        return self.model(**dict(zip(self.names, inputs))).logits


def export(model, folder):
    """Writes config, tokenizer and graphs in the layout of the Hub."""
    graphs = folder / "onnx"
    graphs.mkdir(parents=True)
    names = ["input_ids", "attention_mask"]
    if model.config.model_type == "bert":
        names.append("token_type_ids")
    ids = torch.randint(200, VOCABULARY, (2, 16))
    inputs = (ids, torch.ones_like(ids), torch.zeros_like(ids))[: len(names)]
    torch.onnx.export(
        Logits(model.eval(), names),
        inputs,
        graphs / "model.onnx",
        input_names=names,
        output_names=["logits"],
        dynamic_shapes=(({0: "batch", 1: "sequence"},) * len(names),),
        dynamo=True,
        external_data=False,
    )
    quantize_dynamic(
        graphs / "model.onnx", graphs / "model_int8.onnx", weight_type=QuantType.QInt8, per_channel=True
    )
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    shutil.copy(TOKENIZER / "tokenizer.json", folder)
    tokenizer = json.loads((TOKENIZER / "tokenizer_config.json").read_text(encoding="utf-8"))
    (folder / "tokenizer_config.json").write_text(json.dumps({**tokenizer, "model_max_length": 512}), encoding="utf-8")


def main():
    torch.manual_seed(0)
    for shape, (config, classes) in SHAPES.items():
        for task, kind in classes.items():
            config.id2label = dict(enumerate(LABELS))
            config.label2id = {label: i for i, label in enumerate(LABELS)}
            folder = TARGET / f"{shape}-{task}"
            if folder.exists():
                print(f"{folder} is there.")
                continue
            # Made under another name, so that what has a model's name is whole.
            unfinished = folder.with_name(f"{folder.name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            export(kind(config), unfinished)
            unfinished.rename(folder)
            print(f"{folder} is made.")


if __name__ == "__main__":
    main()
