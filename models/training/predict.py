"""What evaluation asks of a model, answered by the graphs of a folder or by a network in training."""

import json
import os
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from wordpieces import PAD

MAX_PIECES = 128
ROWS = 32


class GraphModel:
    """A model folder: config.json, tokenizer.json, onnx/encoder.onnx and, if there is one, onnx/mlm.onnx."""

    def __init__(self, folder):
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        folder = Path(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.labels = [config["id2label"][str(i)] for i in range(len(config["id2label"]))]
        self.label_pieces = config.get("label_pieces", "all")
        self.tokenizer = load_tokenizer(folder / "tokenizer.json")
        self._encoder = open_graph(folder / "onnx" / "encoder.onnx")
        mask_head = folder / "onnx" / "mlm.onnx"
        self._mask_head = open_graph(mask_head) if mask_head.exists() else None

    def encode(self, ids):
        """Token logits, sentiment logits and hidden states of padded ids."""
        return self._run(["token_logits", "sentiment_logits", "last_hidden_state"], ids)

    def embed(self, ids):
        """Sentence vectors of padded ids."""
        return self._run(["sentence_embedding"], ids)[0]

    def fill(self, hidden):
        return self._mask_head.run(["logits"], {"hidden": hidden})[0]

    def _run(self, names, ids):
        return self._encoder.run(names, {"input_ids": ids, "attention_mask": (ids != PAD).astype(np.int64)})


class NetworkModel:
    """The same of a network of PyTorch."""

    def __init__(self, network, tokenizer_path, labels, label_pieces):
        self._network = network
        self.labels, self.label_pieces = labels, label_pieces
        self.tokenizer = load_tokenizer(tokenizer_path)

    def encode(self, ids):
        import torch

        with torch.no_grad():
            hidden = self._network(torch.from_numpy(ids))
            return [x.numpy() for x in (self._network.token(hidden), self._network.sentiment(hidden), hidden)]

    def fill(self, hidden):
        import torch

        with torch.no_grad():
            return self._network.fill(torch.from_numpy(hidden)).numpy()


def open_graph(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # As the product does: products of 8-bit integers are exact on every processor.
    options.add_session_config_entry("session.x64quantprecision", "1")
    # Threads that spin while they wait slow down whatever else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options)


def load_tokenizer(path):
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def in_batches(sequences, rows=ROWS):
    """Yields `(indices, padded ids)`, rows of like length together."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    for first in range(0, len(order), rows):
        indices = order[first : first + rows]
        ids = np.full((len(indices), max(len(sequences[i]) for i in indices)), PAD, np.int64)
        for row, i in enumerate(indices):
            ids[row, : len(sequences[i])] = sequences[i]
        yield indices, ids
