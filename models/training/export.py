"""Writes a trained network as fp32 ONNX graphs and as folders that transformers loads."""

import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from corpus import LABELS, SENTIMENTS, read_rows
from evaluate import run_entities, run_mask, run_sentiment, sample, sample_raw
from metrics import calibration_error, fit_temperature
from network import to_transformers, transformers_config
from predict import NetworkModel
from start import MODEL_WEIGHTS, load_network, save_weights
from torch import nn
from wordpieces import write_tokenizer_config

OPSET = 18
LEAST = -1e4
CALIBRATION_ROWS = 3000
TOLERANCE = 1e-3


class EncoderGraph(nn.Module):
    """The encoder with plain attention, whose operators onnxruntime and fuse_graph.py know."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, input_ids, attention_mask):
        net = self.network
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = net.words(input_ids) + net.positions(positions) + net.types.weight[0]
        x = net.projection(net.embedding_norm(x))
        bias = (1.0 - attention_mask.float())[:, None, None, :] * LEAST
        for layer in net.layers:
            x = layer.attention_norm(x + layer.attended(attend(layer, x, bias)))
            x = layer.norm(x + layer.outer(F.gelu(layer.inner(x))))
        return net.token(x), net.sentiment(x), x


def attend(layer, x, bias):
    rows, columns, hidden = x.shape
    width = hidden // layer.heads
    query, key, value = (
        part.view(rows, columns, layer.heads, width).transpose(1, 2) for part in layer.query_key_value(x).chunk(3, -1)
    )
    weights = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(width) + bias, -1)
    return (weights @ value).transpose(1, 2).reshape(rows, columns, hidden)


class MaskGraph(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, hidden):
        return self.network.fill(hidden)


def calibrate(network, prepared, tokenizer_path, options):
    """Divides the logits of each head by the temperature that suits half of the development rows best.

    Gives temperatures, and the calibration error of the other half before and after, in per cent.
    """
    model = NetworkModel(network, tokenizer_path, LABELS, options.label_pieces)
    count = min(options.eval_rows or CALIBRATION_ROWS, CALIBRATION_ROWS)
    entity_rows = sample(read_rows(prepared, "dev_ner.jsonl"), count)
    sentiment_rows = sample(read_rows(prepared, "dev_sentiment.jsonl"), count)
    _, token_logits, token_gold = run_entities(model, entity_rows)
    _, mask_logits, mask_gold = run_mask(model, sample_raw(prepared, options.eval_texts))
    sentiment_gold = np.array([row["label"] for row in sentiment_rows])
    heads = {
        "token": (token_logits, token_gold),
        "sentiment": (run_sentiment(model, sentiment_rows), sentiment_gold),
        "mask": (mask_logits, mask_gold),
    }
    report = {}
    for name, (logits, gold) in heads.items():
        temperature = fit_temperature(logits[::2], gold[::2])
        report[name] = {
            "temperature": round(temperature, 3),
            "error_before": calibration_error(logits[1::2], gold[1::2]),
            "error_after": calibration_error(logits[1::2] / temperature, gold[1::2]),
        }
    network.divide_logits({name: head["temperature"] for name, head in report.items()})
    return report


def export(run, options):
    """Writes RUN/fp32 (a model folder), RUN/transformers/{token,sequence,mask} and RUN/calibration.json."""
    network = load_network(run)
    tokenizer_path = run / "tokenizer.json"
    report = calibrate(network, run / "prepared", tokenizer_path, options)
    (run / "calibration.json").write_text(json.dumps(report, indent=1) + "\n")
    folder = run / "fp32"
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write_folder_files(folder, network.config, tokenizer_path, options.label_pieces)
    export_graphs(network, folder / "onnx")
    save_weights(network, folder / MODEL_WEIGHTS)
    save_transformers(network, run / "transformers", tokenizer_path)
    print(f"exported; temperatures {({name: head['temperature'] for name, head in report.items()})}", flush=True)


def write_folder_files(folder, config, tokenizer_path, label_pieces):
    described = {
        "architectures": ["ElectraModel"],
        **transformers_config(config),
        **label_maps(LABELS),
        "sentiment_id2label": {str(i): label for i, label in enumerate(SENTIMENTS)},
        "sentiment_problem_type": "single_label_classification",
        # Which pieces of a word carry its label; for evaluation.
        "label_pieces": label_pieces,
    }
    (folder / "config.json").write_text(json.dumps(described, indent=1) + "\n")
    (folder / "tokenizer.json").write_bytes(Path(tokenizer_path).read_bytes())
    write_tokenizer_config(folder / "tokenizer_config.json")


def label_maps(labels):
    return {
        "id2label": {str(i): label for i, label in enumerate(labels)},
        "label2id": {label: i for i, label in enumerate(labels)},
    }


def export_graphs(network, folder):
    rows, columns = torch.export.Dim("batch"), torch.export.Dim("sequence", max=512)
    ids = torch.randint(5, 900, (2, 9))
    write_graph(
        EncoderGraph(network),
        (ids, torch.ones_like(ids)),
        folder / "encoder.onnx",
        ["input_ids", "attention_mask"],
        ["token_logits", "sentiment_logits", "last_hidden_state"],
        {"input_ids": {0: rows, 1: columns}, "attention_mask": {0: rows, 1: columns}},
    )
    hidden = torch.randn(3, network.config["hidden"])
    write_graph(
        MaskGraph(network), (hidden,), folder / "mlm.onnx", ["hidden"], ["logits"],
        {"hidden": {0: torch.export.Dim("masked")}},
    )  # fmt: skip


def write_graph(module, inputs, path, input_names, output_names, dynamic_shapes):
    program = torch.onnx.export(
        module.eval(), inputs, input_names=input_names, output_names=output_names,
        dynamic_shapes=dynamic_shapes, opset_version=OPSET, dynamo=True, verbose=False,
    )  # fmt: skip
    model = program.model_proto
    save_graph(model, path)


def save_graph(model, path):
    data = Path(f"{path}.data")
    data.unlink(missing_ok=True)
    onnx.save(
        model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=data.name, size_threshold=1024
    )


def save_transformers(network, folder, tokenizer_path):
    """Saves the heads by transformers' own classes, and checks that they give what the network gives."""
    from transformers import (
        ElectraConfig,
        ElectraForMaskedLM,
        ElectraForSequenceClassification,
        ElectraForTokenClassification,
    )

    ids = torch.randint(5, 900, (2, 11))
    with torch.no_grad():
        hidden = network(ids)
        expected = {"token": network.token(hidden), "sequence": network.sentiment(hidden), "mask": network.fill(hidden)}
    classes = {
        "token": (ElectraForTokenClassification, label_maps(LABELS)),
        "sequence": (ElectraForSequenceClassification, label_maps(SENTIMENTS)),
        "mask": (ElectraForMaskedLM, {}),
    }
    states = to_transformers(network)
    for head, (architecture, labels) in classes.items():
        labels = {key: {int(k) if key == "id2label" else k: v for k, v in value.items()} for key, value in labels.items()}
        model = architecture(ElectraConfig(**transformers_config(network.config), **labels))
        lacking = model.load_state_dict(states[head], strict=False)
        # Buffers and tied weights may be absent, but nothing that was trained.
        absent = [name for name in lacking.missing_keys if name in dict(model.named_parameters())]
        if absent or lacking.unexpected_keys:
            raise SystemExit(f"{architecture.__name__} lacks {absent}, does not know {lacking.unexpected_keys}.")
        model.save_pretrained(folder / head)
        (folder / head / "tokenizer.json").write_bytes(Path(tokenizer_path).read_bytes())
        write_tokenizer_config(folder / head / "tokenizer_config.json")
        loaded = architecture.from_pretrained(folder / head).eval()
        with torch.no_grad():
            worst = float((loaded(input_ids=ids).logits - expected[head]).abs().max())
        if worst > TOLERANCE:
            raise SystemExit(f"{architecture.__name__} gives other logits: by {worst}.")
