"""The encoder and its four heads: ELECTRA's architecture, so that transformers loads the weights."""

import torch
import torch.nn.functional as F
from corpus import LABELS, SENTIMENTS
from torch import nn
from wordpieces import PAD, POSITIONS

EPSILON = 1e-12
INITIAL_DEVIATION = 0.02
MASKED_SCORE = -1e4
# The inner size of a layer, as a multiple of the hidden one.
INNER = 4


def lean_layer(
    x, bias, heads, qkv, qkv_bias, out, out_bias, gain, shift, inner, inner_bias, outer, outer_bias, gain2, shift2
):  # fmt: skip
    """A layer for training on a CPU, as a function of its weights, so that all layers share what is compiled.

    `x` `[rows, columns, hidden]` is in the precision of the products; weights, sums and norms are fp32. `bias`
    `[rows, 1, 1, columns]` is added to the scores. Attention is in plain steps: over rows as short as these it is
    faster forward and back than the fused operator, and torch.compile fuses what is not a product.
    """
    rows, columns, hidden = x.shape
    precision = x.dtype

    def linear(x, weight, bias):
        return F.linear(x, weight.to(precision), bias.to(precision))

    query, key, value = linear(x, qkv, qkv_bias).view(rows, columns, 3, heads, hidden // heads).permute(2, 0, 3, 1, 4)
    scores = torch.matmul(query, key.transpose(-1, -2)).float() * (hidden // heads) ** -0.5 + bias
    mixed = torch.matmul(scores.softmax(-1).to(precision), value).transpose(1, 2).reshape(rows, columns, hidden)
    x = F.layer_norm(x.float() + linear(mixed, out, out_bias).float(), (hidden,), gain, shift, EPSILON).to(precision)
    y = linear(F.gelu(linear(x, inner, inner_bias)), outer, outer_bias)
    return F.layer_norm(x.float() + y.float(), (hidden,), gain2, shift2, EPSILON).to(precision)


class Layer(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.attended = nn.Linear(hidden, hidden)
        self.attention_norm = nn.LayerNorm(hidden, eps=EPSILON)
        self.inner = nn.Linear(hidden, INNER * hidden)
        self.outer = nn.Linear(INNER * hidden, hidden)
        self.norm = nn.LayerNorm(hidden, eps=EPSILON)

    def forward(self, x, mask):
        rows, columns, hidden = x.shape
        shape = (rows, columns, 3, self.heads, hidden // self.heads)
        query, key, value = self.query_key_value(x).view(shape).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.attention_norm(x + self.attended(mixed.transpose(1, 2).reshape(rows, columns, hidden)))
        return self.norm(x + self.outer(F.gelu(self.inner(x))))

    def lean(self, step, x, bias):
        """The same by `step`, which is `lean_layer` or that compiled."""
        parts = (self.query_key_value, self.attended, self.attention_norm, self.inner, self.outer, self.norm)
        return step(x, bias, self.heads, *(value for part in parts for value in (part.weight, part.bias)))


class Network(nn.Module):
    """`config`: vocabulary, embedding, hidden, layers, heads."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        vocabulary, embedding, hidden = config["vocabulary"], config["embedding"], config["hidden"]
        self.words = nn.Embedding(vocabulary, embedding, padding_idx=PAD)
        self.positions = nn.Embedding(POSITIONS, embedding)
        self.types = nn.Embedding(2, embedding)
        self.embedding_norm = nn.LayerNorm(embedding, eps=EPSILON)
        # ELECTRA has none where the sizes are equal.
        self.projection = nn.Identity() if embedding == hidden else nn.Linear(embedding, hidden)
        self.layers = nn.ModuleList(Layer(hidden, config["heads"]) for _ in range(config["layers"]))
        self.token = nn.Linear(hidden, len(LABELS))
        self.sentiment_dense = nn.Linear(hidden, hidden)
        self.sentiment_out = nn.Linear(hidden, len(SENTIMENTS))
        self.sentence = nn.Linear(hidden, hidden)
        self.mask_dense = nn.Linear(hidden, embedding)
        self.mask_norm = nn.LayerNorm(embedding, eps=EPSILON)
        self.mask_bias = nn.Parameter(torch.zeros(vocabulary))
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=INITIAL_DEVIATION)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)
        # Before it is trained, a sentence vector is the mean itself.
        nn.init.eye_(self.sentence.weight)

    def forward(self, ids, attention_mask=None):
        """Hidden states `[rows, columns, hidden]` of ids `[rows, columns]`."""
        used = ids != PAD if attention_mask is None else attention_mask.bool()
        x = self.embed_pieces(ids)
        for layer in self.layers:
            x = layer(x, used[:, None, None, :])
        return x

    def lean(self, ids, step, precision):
        """The same with products in a `precision`, a dtype, and layers by `step`."""
        bias = torch.where(ids != PAD, 0.0, MASKED_SCORE)[:, None, None, :]
        x = self.embed_pieces(ids).to(precision)
        for layer in self.layers:
            x = layer.lean(step, x, bias)
        return x

    def embed_pieces(self, ids):
        """What the first layer reads, `[rows, columns, hidden]`."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.types.weight[0]
        return self.projection(self.embedding_norm(x))

    def sentiment(self, x):
        return self.sentiment_out(F.gelu(self.sentiment_dense(x[:, 0])))

    def prepare_fill(self, hidden):
        """What is multiplied with the table of words to fill a mask, `[masked, embedding]`."""
        return self.mask_norm(F.gelu(self.mask_dense(hidden)))

    def fill(self, hidden):
        """Vocabulary logits of hidden states `[masked, hidden]`."""
        return F.linear(self.prepare_fill(hidden), self.words.weight, self.mask_bias)

    def pool(self, hidden, used):
        """Means of hidden states over the used positions `[rows, columns]`: `[rows, hidden]`, fp32."""
        used = used[:, :, None].float()
        return (hidden.float() * used).sum(1) / used.sum(1)

    def embed(self, hidden, used):
        """Sentence vectors `[rows, hidden]`, of length one."""
        return F.normalize(self.sentence(self.pool(hidden, used)), dim=-1)

    @torch.no_grad()
    def divide_logits(self, temperatures):
        """Puts a temperature a head into the weights, so that who runs the model needs not know of it."""
        for parameter in self.token.parameters():
            parameter /= temperatures["token"]
        for parameter in self.sentiment_out.parameters():
            parameter /= temperatures["sentiment"]
        for parameter in (*self.mask_norm.parameters(), self.mask_bias):
            parameter /= temperatures["mask"]


def transformers_config(config):
    """config.json without its labels."""
    return {
        "model_type": "electra",
        "vocab_size": config["vocabulary"],
        "embedding_size": config["embedding"],
        "hidden_size": config["hidden"],
        "num_hidden_layers": config["layers"],
        "num_attention_heads": config["heads"],
        "intermediate_size": INNER * config["hidden"],
        "hidden_act": "gelu",
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
        "layer_norm_eps": EPSILON,
        "pad_token_id": PAD,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }


def to_transformers(network):
    """`{head: state}` by the names of ElectraForTokenClassification, -SequenceClassification and -MaskedLM."""
    own = {name: value.detach().cpu().float() for name, value in network.state_dict().items()}
    base = {"embeddings.word_embeddings.weight": own["words.weight"]}
    base["embeddings.position_embeddings.weight"] = own["positions.weight"]
    base["embeddings.token_type_embeddings.weight"] = own["types.weight"]
    for part in ("weight", "bias"):
        base[f"embeddings.LayerNorm.{part}"] = own[f"embedding_norm.{part}"]
        if f"projection.{part}" in own:
            base[f"embeddings_project.{part}"] = own[f"projection.{part}"]
        for i in range(network.config["layers"]):
            ours, theirs = f"layers.{i}.", f"encoder.layer.{i}."
            for name, value in zip(("query", "key", "value"), own[f"{ours}query_key_value.{part}"].chunk(3)):
                base[f"{theirs}attention.self.{name}.{part}"] = value
            base[f"{theirs}attention.output.dense.{part}"] = own[f"{ours}attended.{part}"]
            base[f"{theirs}attention.output.LayerNorm.{part}"] = own[f"{ours}attention_norm.{part}"]
            base[f"{theirs}intermediate.dense.{part}"] = own[f"{ours}inner.{part}"]
            base[f"{theirs}output.dense.{part}"] = own[f"{ours}outer.{part}"]
            base[f"{theirs}output.LayerNorm.{part}"] = own[f"{ours}norm.{part}"]
    encoder = {f"electra.{name}": value for name, value in base.items()}
    token, sequence, mask = {}, {}, {"generator_lm_head.weight": own["words.weight"]}
    mask["generator_lm_head.bias"] = own["mask_bias"]
    for part in ("weight", "bias"):
        token[f"classifier.{part}"] = own[f"token.{part}"]
        sequence[f"classifier.dense.{part}"] = own[f"sentiment_dense.{part}"]
        sequence[f"classifier.out_proj.{part}"] = own[f"sentiment_out.{part}"]
        mask[f"generator_predictions.dense.{part}"] = own[f"mask_dense.{part}"]
        mask[f"generator_predictions.LayerNorm.{part}"] = own[f"mask_norm.{part}"]
    return {"token": {**encoder, **token}, "sequence": {**encoder, **sequence}, "mask": {**encoder, **mask}}
