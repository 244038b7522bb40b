"""Weights to start a training from: those of another run, or of a model folder of BERT's or ELECTRA's names."""

from pathlib import Path

import torch
from network import to_transformers
from safetensors.torch import load_file, save_file
from wordpieces import SPECIAL, UNK

# BERT's encoder differs from ELECTRA's in names only, where the sizes of embedding and hidden are equal.
HEADS = {
    "cls.predictions.transform.dense": "mask_dense",
    "cls.predictions.transform.LayerNorm": "mask_norm",
    "generator_predictions.dense": "mask_dense",
    "generator_predictions.LayerNorm": "mask_norm",
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
MODEL_WEIGHTS = "weights.safetensors"
WORDS, BIAS = "words.weight", "mask_bias"
CONTINUES = "##"


def from_transformers(state, layers):
    """State of a `Network` by transformers' names, of what is there; others are left out."""
    state = {name.removeprefix("bert.").removeprefix("electra."): value.float() for name, value in state.items()}
    own = {ours: state[theirs] for theirs, ours in TABLES.items() if theirs in state}
    for part in ("weight", "bias"):
        own |= {f"{ours}.{part}": state[f"{theirs}.{part}"] for theirs, ours in HEADS.items() if f"{theirs}.{part}" in state}
        for i in range(layers):
            prefix = f"encoder.layer.{i}."
            parts = [state[f"{prefix}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            own[f"layers.{i}.query_key_value.{part}"] = torch.cat(parts)
            own |= {f"layers.{i}.{ours}.{part}": state[f"{prefix}{theirs}.{part}"] for theirs, ours in LAYER.items()}
    return own


def read_weights(path, layers):
    """State of a `Network` from a model folder, or final.pt of a run."""
    path = Path(path)
    if path.is_dir():
        return from_transformers(load_file(path / MODEL_WEIGHTS), layers)
    return torch.load(path, map_location="cpu", weights_only=True)["network"]


def save_weights(network, path):
    """All that was trained in one file, fp16: for references, export, and to start another training from."""
    states = to_transformers(network)
    heads = {"token": "token_classifier", "sequence": "sequence_classifier"}
    weights = dict(states["mask"])
    for head, name in heads.items():
        weights |= {
            f"{name}.{key.removeprefix('classifier.')}": value
            for key, value in states[head].items()
            if key.startswith("classifier.")
        }
    for part, value in network.sentence.state_dict().items():
        weights[f"sentence_embedding.{part}"] = value.detach().cpu()
    # Tied to the table of the word pieces.
    del weights["generator_lm_head.weight"]
    save_file({name: value.half().contiguous() for name, value in weights.items()}, path)


def carry_over(state, old, new, rows):
    """`state` with `rows` for the pieces of the tokenizer `new`, which it was not trained with.

    A piece that `old` lacks begins as the mean of those that `old` cuts it into, and where `old` knows nothing of it as
    a random one, drawn with the mean and the deviation of the others.
    """
    words, bias = state[WORDS], state[BIAS]
    known = words[len(SPECIAL) : old.get_vocab_size()]
    mean, deviation = known.mean(0), known.std(0)
    moved = {WORDS: mean + deviation * torch.randn(rows, words.shape[1]), BIAS: bias.mean().repeat(rows)}
    counts = {"kept": 0, "composed": 0, "random": 0}
    for piece, row in new.get_vocab().items():
        parts = cut(piece, old)
        counts["kept" if old.token_to_id(piece) is not None else "composed" if parts else "random"] += 1
        if parts:
            moved[WORDS][row] = words[parts].mean(0)
            moved[BIAS][row] = bias[parts].mean()
    print(f"pieces of another tokenizer: {counts}", flush=True)
    return {**state, **moved}


def cut(piece, tokenizer):
    """Ids that a tokenizer gives a piece of another one; none if any of it is unknown."""
    if (found := tokenizer.token_to_id(piece)) is not None:
        return [found]
    ids = tokenizer.encode(piece.removeprefix(CONTINUES), add_special_tokens=False).ids
    if piece.startswith(CONTINUES) and ids:
        inner = tokenizer.token_to_id(CONTINUES + tokenizer.id_to_token(ids[0]))
        ids[0] = ids[0] if inner is None else inner
    return [] if UNK in ids else ids


def start_from(network, paths, tokenizers=None):
    """Puts weights into the network, of several the mean of those that have them; prints what begins anew.

    The mean of weights is of use only where one was trained from the other. `tokenizers`: that of the weights and that
    of the network, where they differ.
    """
    own = network.state_dict()
    states = [read_weights(path, network.config["layers"]) for path in paths]
    # The tables of another tokenizer have as many rows as its pieces, the same in all the weights.
    tables = {WORDS: states[0][WORDS].shape, BIAS: states[0][BIAS].shape} if tokenizers else {}
    shapes = {name: value.shape for name, value in own.items()} | tables
    for path, state in zip(paths, states):
        wrong = [name for name, value in state.items() if name not in shapes or shapes[name] != value.shape]
        if wrong:
            raise SystemExit(f"{path} is of another size than the options ask for: {', '.join(wrong[:5])}.")
    names = {name for state in states for name in state}
    mean = {name: torch.stack([state[name] for state in states if name in state]).mean(0) for name in names}
    if tokenizers:
        mean = carry_over(mean, *tokenizers, network.config["vocabulary"])
    network.load_state_dict(mean, strict=False)
    begun = ", ".join(sorted(set(own) - names)) or "nothing"
    print(f"started from {', '.join(map(str, paths))}; new: {begun}", flush=True)
