"""Weights to start a training from: of `begin`, of another run, or of a model folder of BERT's or ELECTRA's names."""

import json
from pathlib import Path

import torch
from network import Network, to_transformers
from safetensors.torch import load_file, save_file

# Files of a run: weights that training begins with, its averaged ones, and the last of its steps.
BEGUN, FINAL, LAST = "start.pt", "final.pt", "last.pt"
# Files of a model folder.
MODEL_WEIGHTS, MODEL_CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
# As the weights of earlier revisions are called.
EARLIER_WEIGHTS = "weights.safetensors"
# BERT's encoder differs from ELECTRA's in names only, where the sizes of embedding and hidden are equal.
HEADS = {
    "cls.predictions.transform.dense": "mask_dense",
    "cls.predictions.transform.LayerNorm": "mask_norm",
    "generator_predictions.dense": "mask_dense",
    "generator_predictions.LayerNorm": "mask_norm",
    "classifier": "token",
    "classifier.dense": "sentiment_dense",
    "classifier.out_proj": "sentiment_out",
    "token_classifier": "token",
    "sentence_embedding": "sentence",
    "sequence_classifier.dense": "sentiment_dense",
    "sequence_classifier.out_proj": "sentiment_out",
    "embeddings.LayerNorm": "embedding_norm",
    "embeddings_project": "projection",
}
LAYER = {
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "norm",
}
TABLES = {
    "embeddings.word_embeddings.weight": "words.weight",
    "embeddings.position_embeddings.weight": "positions.weight",
    "embeddings.token_type_embeddings.weight": "types.weight",
    "cls.predictions.bias": "mask_bias",
    "generator_lm_head.bias": "mask_bias",
}


def from_transformers(state, layers):
    """State of a `Network` by transformers' names, of what is there; others are left out."""
    state = {name.removeprefix("bert.").removeprefix("electra."): value.float() for name, value in state.items()}
    own = {ours: state[theirs] for theirs, ours in TABLES.items() if theirs in state}
    for part in ("weight", "bias"):
        there = {theirs: ours for theirs, ours in HEADS.items() if f"{theirs}.{part}" in state}
        own |= {f"{ours}.{part}": state[f"{theirs}.{part}"] for theirs, ours in there.items()}
        for i in range(layers):
            prefix = f"encoder.layer.{i}."
            parts = [state[f"{prefix}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            own[f"layers.{i}.query_key_value.{part}"] = torch.cat(parts)
            own |= {f"layers.{i}.{ours}.{part}": state[f"{prefix}{theirs}.{part}"] for theirs, ours in LAYER.items()}
    return own


def read_weights(path):
    """Config and state of a `Network` from a model folder, a run (its final.pt), or another .pt file of a run."""
    path = Path(path)
    if (path / FINAL).exists():
        path = path / FINAL
    if path.is_dir():
        file = next((path / name for name in (MODEL_WEIGHTS, EARLIER_WEIGHTS) if (path / name).exists()), None)
        if not file:
            raise SystemExit(f"{path} has neither {FINAL} nor {MODEL_WEIGHTS}.")
        config = json.loads((path / MODEL_CONFIG).read_text(encoding="utf-8"))
        own = {
            "vocabulary": config["vocab_size"],
            "embedding": config.get("embedding_size", config["hidden_size"]),
            "hidden": config["hidden_size"],
            "layers": config["num_hidden_layers"],
            "heads": config["num_attention_heads"],
        }
        return own, from_transformers(load_file(file), own["layers"])
    saved = torch.load(path, map_location="cpu", weights_only=True)
    return saved["config"], {name: value.float() for name, value in saved["network"].items()}


def read_mean(paths, shares=None):
    """Config and state of the mean of weights, each of which counts by its share.

    A mean is of use only where one was trained from the other. A part that not all have is the mean of those that do.
    """
    found = [read_weights(path) for path in paths]
    config = found[0][0]
    for path, (other, _) in zip(paths, found):
        if other != config:
            raise SystemExit(f"{path} is of another size than {paths[0]}: {other}, not {config}.")
    mean, shares = {}, shares or [1.0] * len(found)
    for name in {name: None for _, state in found for name in state}:
        parts = [(share, state[name]) for share, (_, state) in zip(shares, found) if name in state]
        mean[name] = sum(share * value for share, value in parts) / sum(share for share, _ in parts)
    return config, mean


def tokenizer_of(paths):
    """tokenizer.json of weights: in their folder."""
    folders = [Path(path) if Path(path).is_dir() else Path(path).parent for path in paths]
    found = next((folder / TOKENIZER for folder in folders if (folder / TOKENIZER).exists()), None)
    if not found:
        raise SystemExit(f"There is no {TOKENIZER} beside {', '.join(map(str, paths))}.")
    return found


def adopt_tokenizer(paths, folder):
    """Copies the tokenizer of weights into a folder; refuses where another one is, for which rows were packed."""
    text, own = tokenizer_of(paths).read_bytes(), Path(folder) / TOKENIZER
    if own.exists() and own.read_bytes() != text:
        raise SystemExit(f"{own} is not the tokenizer of {paths[0]}. Use another folder, or remove what it made.")
    own.write_bytes(text)
    return own


def save_weights(network, path):
    """All that was trained in one file, fp16, so that each of transformers' classes finds its head by its own names."""
    states = to_transformers(network)
    weights = {**states["token"], **states["sequence"], **states["mask"]}
    weights |= {f"sentence_embedding.{part}": value for part, value in network.sentence.state_dict().items()}
    # Tied to the table of the pieces.
    del weights["generator_lm_head.weight"]
    halves = {name: value.detach().cpu().half().contiguous() for name, value in weights.items()}
    save_file(halves, path, {"format": "pt"})


def load_network(path):
    """A network with the weights of `read_weights`, on the CPU, for measuring and export."""
    config, state = read_weights(path)
    network = Network(config)
    load_state(network, state, path)
    return network.eval()


def load_state(network, state, path):
    """Puts weights into the network; what they lack stays as it is, and is told. Gives the names of these."""
    lacking = network.load_state_dict(state, strict=False)
    if lacking.unexpected_keys:
        raise SystemExit(f"{path} has parts that the network does not know: {', '.join(lacking.unexpected_keys[:5])}.")
    print(f"{path}: all but {', '.join(lacking.missing_keys) or 'nothing'}", flush=True)
    return set(lacking.missing_keys)
