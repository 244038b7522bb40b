"""The graphs of a network, in fp32 or int8: the encoder with its heads, and the head of masked words.

They are written operator by operator instead of traced, so that each is one that onnxruntime runs fast on a CPU:

- com.microsoft.MatMulIntegerToFloat is a product of integers with its scales and bias, in one pass over memory, and
  com.microsoft.Gelu the five operators of the exact function.
- The residual is added by Sum and not by Add: onnxruntime fuses Add and LayerNormalization into SkipLayerNormalization,
  which gives the same and takes four times as long on a CPU (measured with 1.30: a quarter of the whole encoder).
- QAttention, MultiHeadAttention and attention in plain steps take the same time over rows of 16 to 128 pieces: plain
  steps are what every device knows.

In int8 activations have fixed ranges, so that the result of a row does not depend on its neighbours in the batch. A few
channels of this encoder are ten times as wide as the others, and would make the steps of all of them coarse. Where a
norm comes before the product, each channel has a factor that moves width into the weights (`SMOOTHED`); among the inner
states of a layer it is one channel, which is multiplied in fp32 (`WIDE`). Both together cost 4 % of the time, and the
probabilities are 14 times as near to those in fp32 (by their divergence, from 3.8e-3 to 0.27e-3).

Encoder and head of masked words share one table of the pieces, in a file of its own: see `WORDS_DATA`.
"""

import math

import numpy as np
import onnx
from network import EPSILON
from onnx import TensorProto, helper, numpy_helper

OPSET, IR_VERSION = 18, 9
MICROSOFT = "com.microsoft"
LEAST = -1e4
# The table of the pieces lies in this file beside both graphs, so that it is on disk and in memory once.
WORDS_DATA = "words.data"
# Smaller constants stay in the graph: mapping a file costs more than it saves.
EXTERNAL_BYTES = 1 << 16
PAGE = 1 << 12
# Linear maps whose inputs come from a norm, and the share of their width that is moved into the weights.
SMOOTHED, SMOOTHING = ("query_key_value", ".inner"), 0.6
# Of the widest channel and of the largest weight; what is smaller counts as this.
LEAST_WIDTH = 1e-3
# Linear maps that read a wide channel in fp32, if it is wider than any other by this factor.
WIDE, FAR_WIDER = (".outer",), 1.5


class Graph:
    """Nodes and constants. Methods that add something give its name."""

    def __init__(self):
        self.nodes, self.constants, self.files = [], {}, {}

    def constant(self, name, values, file=None):
        """`file` holds the values, where it is not that of the graph."""
        if name not in self.constants:
            self.constants[name] = np.array(values, order="C")
            if file:
                self.files[name] = file
        return name

    def node(self, op_type, inputs, name, domain="", **attributes):
        """`name` is that of the node and its output; with several names, of its outputs."""
        outputs = [name] if isinstance(name, str) else name
        self.nodes.append(helper.make_node(op_type, inputs, outputs, name=outputs[0], domain=domain, **attributes))
        return name

    def integers(self, *values):
        return self.constant("int64." + ".".join(map(str, values)), np.array(values, np.int64))

    def number(self, value):
        return self.constant(f"float.{value:.9g}", np.float32(value))

    def norm(self, name, x, weights):
        gain, shift = (self.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", [x, gain, shift], f"{name}.result", axis=-1, epsilon=EPSILON)

    def gelu(self, name, x):
        return self.node("Gelu", [x], f"{name}.gelu", MICROSOFT)

    def save(self, path, inputs, outputs):
        """Writes the graph, its large constants into PATH.data and the files that they were given.

        `inputs`, `outputs`: `{name: (type, shape)}`.
        """
        values = [
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in group.items()]
            for group in (inputs, outputs)
        ]
        tensors, parts = [], {}
        for name, array in self.constants.items():
            file = self.files.get(name) or (f"{path.name}.data" if array.nbytes >= EXTERNAL_BYTES else None)
            tensors.append(refer(name, array, file, parts) if file else numpy_helper.from_array(array, name))
        for file, arrays in parts.items():
            write_parts(path.parent / file, arrays)
        graph = helper.make_graph(self.nodes, path.stem, *values, tensors)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="subtext")
        onnx.save(model, path)


def refer(name, array, file, parts):
    """A tensor in a file; adds to `parts` `[(offset, array), …]` of the file. Each begins with a page of memory."""
    placed = parts.setdefault(file, [])
    end = placed[-1][0] + placed[-1][1].nbytes if placed else 0
    offset = -(-end // PAGE) * PAGE
    placed.append((offset, array))
    tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": file, "offset": offset, "length": array.nbytes}.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def write_parts(path, placed):
    with path.open("wb") as file:
        for offset, array in placed:
            file.write(bytes(offset - file.tell()))
            file.write(array.tobytes())


class FloatWeights:
    """Puts weights into a graph as they are. `weights`: `{name: array}` by the names of network.py."""

    def __init__(self, weights):
        self._weights = weights

    def linear(self, graph, name, x):
        weight = graph.constant(f"{name}.weight", self._weights[f"{name}.weight"].T)
        bias = graph.constant(f"{name}.bias", self._weights[f"{name}.bias"])
        return graph.node("Add", [graph.node("MatMul", [x, weight], f"{name}.product"), bias], f"{name}.result")

    def words(self, graph, ids):
        words = graph.constant("words", self._weights["words.weight"], WORDS_DATA)
        return graph.node("Gather", [words, ids], "words.result")

    def positions(self, graph, rows):
        """`rows(constant, name)` takes from a constant the rows of the positions that are needed."""
        return rows(graph.constant("positions", position_table(self._weights)), "positions.result")

    def vocabulary(self, graph, x):
        """Logits of the pieces from `[masked, embedding]`."""
        words = graph.constant("words", self._weights["words.weight"], WORDS_DATA)
        bias = graph.constant("mask_bias", self._weights["mask_bias"])
        return graph.node("Gemm", [x, words, bias], "logits", transB=1)


class IntegerWeights:
    """Puts weights into a graph as int8 with a scale a column, or a row of a table; activations are uint8.

    `ranges`: `{name: (lowest, highest)}` of the channels of what the linear maps read, by the same names.
    """

    def __init__(self, weights, ranges):
        self._weights, self._ranges = weights, ranges

    def linear(self, graph, name, x):
        if name not in self._ranges:
            return FloatWeights(self._weights).linear(graph, name, x)
        weight, (low, high) = self._weights[f"{name}.weight"], self._ranges[name]
        if name.endswith(SMOOTHED):
            factors = smoothing(weight, low, high)
            x = graph.node("Mul", [x, graph.constant(f"{name}.factors", factors)], f"{name}.smoothed")
            weight, low, high = weight / factors, low * factors, high * factors
        wide = widest_channel(low, high) if name.endswith(WIDE) else None
        if wide is None:
            return self._multiply(graph, name, x, weight, low, high)
        others = np.arange(weight.shape[1]) != wide
        result = self._multiply(graph, name, x, weight * others, low * others, high * others)
        channel = graph.constant(f"{name}.wide", np.array([wide]))
        column = graph.constant(f"{name}.wide_weight", weight[:, [wide]].T)
        wide_input = graph.node("Gather", [x, channel], f"{name}.wide_input", axis=-1)
        rest = graph.node("Mul", [wide_input, column], f"{name}.rest")
        return graph.node("Add", [result, rest], f"{name}.sum_of_both")

    def _multiply(self, graph, name, x, weight, low, high):
        quantized, scale, zero_point = quantize(graph, name, x, low, high)
        values, scales = quantize_rows(weight)
        inputs = [
            quantized,
            graph.constant(f"{name}.weight", values.T),
            scale,
            graph.constant(f"{name}.weight.scales", scales),
            zero_point,
            graph.constant(f"{name}.weight.zero_points", np.zeros(len(scales), np.int8)),
            graph.constant(f"{name}.bias", self._weights[f"{name}.bias"]),
        ]
        return graph.node("MatMulIntegerToFloat", inputs, f"{name}.result", MICROSOFT)

    def words(self, graph, ids):
        def rows(constant, name):
            return graph.node("Gather", [constant, ids], name)

        return dequantize_rows(graph, "words", self._weights["words.weight"], rows, WORDS_DATA)

    def positions(self, graph, rows):
        return dequantize_rows(graph, "positions", position_table(self._weights), rows)

    def vocabulary(self, graph, x):
        quantized, scale, zero_point = quantize(graph, "vocabulary", x, *self._ranges["words"])
        values, scales = quantize_rows(self._weights["words.weight"])
        # The bias is added to the integers, so it is one in their unit.
        bias = np.round(self._weights["mask_bias"] / (graph.constants[scale] * scales)).astype(np.int32)
        inputs = [
            quantized,
            scale,
            zero_point,
            graph.constant("words", values, WORDS_DATA),
            graph.constant("words.scales", scales, WORDS_DATA),
            graph.constant("words.zero_points", np.zeros(len(scales), np.int8)),
            graph.constant("mask_bias", bias),
        ]
        # The operator that takes a table of rows as the matrix of a product, as it is.
        return graph.node("QGemm", inputs, "logits", MICROSOFT, transB=1)


def smoothing(weight, low, high):
    """Factors `[channels]` of what a linear map reads: wide channels become narrower, and their weights larger.

    As SmoothQuant has it (https://arxiv.org/abs/2211.10438).
    """
    width = np.maximum(high, -low)
    width = np.maximum(width, LEAST_WIDTH * width.max())
    largest = np.maximum(np.abs(weight).max(0), LEAST_WIDTH * np.abs(weight).max())
    factors = largest ** (1 - SMOOTHING) / width**SMOOTHING
    return (factors / np.exp(np.log(factors).mean())).astype(np.float32)


def widest_channel(low, high):
    """Number of the channel that is far wider than all others; None if there is none."""
    width = np.maximum(high, -low)
    second, first = np.argsort(width)[-2:]
    return int(first) if width[first] > FAR_WIDER * width[second] else None


def quantize(graph, name, x, low, high):
    """Names of the uint8 values of activations, of their scale and their zero point. `low`, `high`: of the channels."""
    # Zero has to be representable: it is what padding and dead units are.
    low, high = min(float(low.min()), 0.0), max(float(high.max()), 0.0)
    step = np.float32((high - low) / 255)
    scale = graph.constant(f"{name}.scale", step)
    zero_point = graph.constant(f"{name}.zero_point", np.uint8(np.clip(round(-low / step), 0, 255)))
    return graph.node("QuantizeLinear", [x, scale, zero_point], f"{name}.quantized"), scale, zero_point


def quantize_rows(table):
    """int8 values and a float32 scale a row."""
    scales = np.abs(table).max(1) / 127
    scales[scales == 0] = 1
    return np.round(table / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def dequantize_rows(graph, name, table, rows, file=None):
    """Rows of a table in float32, kept as int8; `rows(constant, name)` takes them."""
    values, scales = quantize_rows(table)
    chosen = rows(graph.constant(name, values, file), f"{name}.rows")
    scale = rows(graph.constant(f"{name}.scales", scales[:, None], file), f"{name}.row_scales")
    numbers = graph.node("Cast", [chosen], f"{name}.numbers", to=TensorProto.FLOAT)
    return graph.node("Mul", [numbers, scale], f"{name}.result")


def position_table(weights):
    # There is one type of token.
    return weights["positions.weight"] + weights["types.weight"][0]


def write_encoder(path, config, weights, linear):
    """Writes the encoder with the heads of labels, sentiment and sentence vectors.

    `linear`: a FloatWeights or IntegerWeights of `weights`, `{name: array}`.
    """
    graph = Graph()
    mask = graph.node("Cast", ["attention_mask"], "used", to=TensorProto.FLOAT)
    bias = graph.node("Mul", [graph.node("Sub", [graph.number(1), mask], "unused"), graph.number(LEAST)], "least")
    bias = graph.node("Unsqueeze", [bias, graph.integers(1, 2)], "attention_bias")
    x = embed_pieces(graph, config, weights, linear)
    for i in range(config["layers"]):
        x = add_layer(graph, f"layers.{i}", config, weights, linear, x)
    # The result of the last layer has the name of an output.
    graph.nodes[-1].output[0] = x = "last_hidden_state"
    rename(linear.linear(graph, "token", x), graph, "token_logits")
    first = graph.node("Gather", [x, graph.constant("first", np.int64(0))], "sentiment.first", axis=1)
    dense = graph.gelu("sentiment_dense", linear.linear(graph, "sentiment_dense", first))
    rename(linear.linear(graph, "sentiment_out", dense), graph, "sentiment_logits")
    add_sentence_vector(graph, linear, x, mask)
    ids = (TensorProto.INT64, ["batch", "sequence"])
    graph.save(
        path,
        {"input_ids": ids, "attention_mask": ids},
        {
            "token_logits": (TensorProto.FLOAT, ["batch", "sequence", len(weights["token.bias"])]),
            "sentiment_logits": (TensorProto.FLOAT, ["batch", len(weights["sentiment_out.bias"])]),
            "last_hidden_state": (TensorProto.FLOAT, ["batch", "sequence", config["hidden"]]),
            "sentence_embedding": (TensorProto.FLOAT, ["batch", config["hidden"]]),
        },
    )


def rename(result, graph, output):
    """Gives the last node's result the name of an output."""
    assert list(graph.nodes[-1].output) == [result]
    graph.nodes[-1].output[0] = output


def embed_pieces(graph, config, weights, linear):
    """What the first layer reads, `[batch, sequence, hidden]`."""
    count = graph.node("Shape", ["input_ids"], "count", start=1, end=2)

    def first(constant, name):
        return graph.node("Slice", [constant, graph.integers(0), count, graph.integers(0)], name)

    x = graph.node("Sum", [linear.words(graph, "input_ids"), linear.positions(graph, first)], "embedded")
    x = graph.norm("embedding_norm", x, weights)
    return x if config["embedding"] == config["hidden"] else linear.linear(graph, "projection", x)


def add_layer(graph, name, config, weights, linear, x):
    mixed = attend(graph, name, config, linear.linear(graph, f"{name}.query_key_value", x))
    attended = linear.linear(graph, f"{name}.attended", mixed)
    x = graph.norm(f"{name}.attention_norm", graph.node("Sum", [x, attended], f"{name}.attention_sum"), weights)
    inner = graph.gelu(f"{name}.inner", linear.linear(graph, f"{name}.inner", x))
    outer = linear.linear(graph, f"{name}.outer", inner)
    return graph.norm(f"{name}.norm", graph.node("Sum", [x, outer], f"{name}.sum"), weights)


def attend(graph, name, config, x):
    """Mixed values `[batch, sequence, hidden]` of queries, keys and values, which lie side by side in `x`."""
    heads, width = config["heads"], config["hidden"] // config["heads"]
    names = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.node("Split", [x], names, axis=-1, num_outputs=3)
    query, key, value = (
        graph.node(
            "Transpose", [graph.node("Reshape", [part, graph.integers(0, 0, heads, width)], f"{part}.heads")],
            f"{part}.of_heads", perm=[0, 2, 3, 1] if part.endswith("key") else [0, 2, 1, 3],
        )
        for part in names
    )  # fmt: skip
    scores = graph.node("MatMul", [query, key], f"{name}.products")
    scores = graph.node("Mul", [scores, graph.number(1 / math.sqrt(width))], f"{name}.scores")
    scores = graph.node("Add", [scores, "attention_bias"], f"{name}.used_scores")
    shares = graph.node("Softmax", [scores], f"{name}.shares", axis=-1)
    mixed = graph.node("MatMul", [shares, value], f"{name}.mixed_heads")
    mixed = graph.node("Transpose", [mixed], f"{name}.side_by_side", perm=[0, 2, 1, 3])
    return graph.node("Reshape", [mixed, graph.integers(0, 0, config["hidden"])], f"{name}.mixed")


def add_sentence_vector(graph, linear, x, mask):
    """A linear map of the mean of the hidden states over the used positions, made a vector of length one."""
    used = graph.node("Unsqueeze", [mask, graph.integers(2)], "sentence.used")
    states = graph.node("Mul", [x, used], "sentence.states")
    total = graph.node("ReduceSum", [states, graph.integers(1)], "sentence.total", keepdims=0)
    count = graph.node("ReduceSum", [used, graph.integers(1)], "sentence.count", keepdims=0)
    mean = linear.linear(graph, "sentence", graph.node("Div", [total, count], "sentence.mean"))
    graph.node("LpNormalization", [mean], "sentence_embedding", axis=-1, p=2)


def write_mask_head(path, config, weights, linear):
    """Writes the head of masked words: logits of all pieces from hidden states `[masked, hidden]`."""
    graph = Graph()
    dense = graph.gelu("mask_dense", linear.linear(graph, "mask_dense", "hidden"))
    linear.vocabulary(graph, graph.norm("mask_norm", dense, weights))
    graph.save(
        path,
        {"hidden": (TensorProto.FLOAT, ["masked", config["hidden"]])},
        {"logits": (TensorProto.FLOAT, ["masked", len(weights["mask_bias"])])},
    )
