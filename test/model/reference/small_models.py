"""Trains the small models and writes them as repositories of the Hub lay them out."""

import json
import warnings

import onnx
import torch
from onnxscript import optimizer
from transformers import (
    AutoConfig,
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    PreTrainedTokenizerFast,
)

from label_schemes import SEQUENCE_SCHEMES, entity_labels, to_label_ids, to_sequence_target

HEADS = {
    "entities": AutoModelForTokenClassification,
    "sentiment": AutoModelForSequenceClassification,
    "fillMask": AutoModelForMaskedLM,
}
# RoBERTa and its descendants count positions from the one after the padding's.
COUNTS_FROM_PADDING = ("roberta", "camembert", "xlm-roberta")
IGNORED = -100
MASKED_SHARE = 0.15
BATCH = 16
# Short rows teach as much in less time.
LONGEST_ROW = 48
# What "outside" counts in the loss, so that networks this small dare to say anything else.
OUTSIDE_WEIGHT = 0.25


def wrap(tokenizer, special, max_tokens):
    """The tokenizer as the pipelines want it; nothing is rebuilt from its class."""
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=max_tokens, **special)


def to_config(family, model, tokenizer):
    names = {"entities": entity_labels, "sentiment": lambda kind: SEQUENCE_SCHEMES[kind].labels}
    labels = {i: label for i, label in enumerate(names[model.task](model.labels))} if model.task in names else {}
    padding = tokenizer.pad_token_id
    from_padding = padding + 1 if family.architecture in COUNTS_FROM_PADDING else 0
    options = {
        "vocab_size": len(tokenizer),
        "hidden_size": 24,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 48,
        "max_position_embeddings": model.max_tokens + from_padding,
        # The usual 0.02 is meant for a width of 768: networks this narrow would hardly learn.
        "initializer_range": 0.2,
        "pad_token_id": padding,
        "attn_implementation": "eager",
        **family.config,
    }
    if from_padding:
        options["type_vocab_size"] = 1
        options |= {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    if labels:
        options |= {"id2label": labels, "label2id": {label: i for i, label in labels.items()}}
    if model.task == "sentiment" and (problem := SEQUENCE_SCHEMES[model.labels].problem):
        options["problem_type"] = problem
    return AutoConfig.for_model(family.architecture, **options)


def to_rows(model, tokenizer, entity_rows, sentiment_rows):
    """`[(ids, target), …]`; the target is a label a token, the mask of special tokens, or what the text is to be."""
    rows = []
    if model.task == "sentiment":
        for row in sentiment_rows:
            target = to_sequence_target(model.labels, row["text"], row["label"])
            if target is not None:
                rows.append((tokenizer(row["text"], truncation=True, max_length=LONGEST_ROW)["input_ids"], target))
        return rows
    for row in entity_rows:
        encoded = tokenizer(row["text"], return_offsets_mapping=True, return_special_tokens_mask=True, verbose=False)
        ids, special = encoded["input_ids"], encoded["special_tokens_mask"]
        if len(ids) > LONGEST_ROW:
            continue
        if model.task == "fillMask":
            rows.append((ids, special))
        else:
            labels = to_label_ids(encoded["offset_mapping"], row["text"], row["entities"], model.labels)
            rows.append((ids, [IGNORED if s else label for s, label in zip(special, labels)]))
    return rows


def train(network, model, tokenizer, rows, steps, seed):
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=4e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    network.eval()  # Without dropout: there is nothing that networks this small could overfit.
    for _ in range(steps):
        chosen = [rows[i] for i in torch.randint(len(rows), (BATCH,)).tolist()]
        loss = _loss(network, model, tokenizer, chosen)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    return loss.item()


def _loss(network, model, tokenizer, rows):
    width = max(len(ids) for ids, _ in rows)
    pad = lambda values, filler: torch.tensor([[*value, *[filler] * (width - len(value))] for value in values])
    ids = pad([ids for ids, _ in rows], tokenizer.pad_token_id)
    attention = pad([[1] * len(ids) for ids, _ in rows], 0)
    targets = [target for _, target in rows]
    if model.task == "fillMask":
        special = pad(targets, 1)
        masked = (torch.rand(ids.shape) < MASKED_SHARE) & (special == 0)
        labels = torch.where(masked, ids, IGNORED)
        return network(
            input_ids=ids.masked_fill(masked, tokenizer.mask_token_id), attention_mask=attention, labels=labels
        ).loss
    logits = network(input_ids=ids, attention_mask=attention).logits
    if model.task == "entities":
        weights = torch.ones(logits.shape[-1])
        weights[0] = OUTSIDE_WEIGHT
        return torch.nn.functional.cross_entropy(logits.transpose(1, 2), pad(targets, IGNORED), weights)
    if model.labels == "regression":
        return torch.nn.functional.mse_loss(logits[:, 0], torch.tensor(targets))
    if isinstance(targets[0], list):
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(targets))
    return torch.nn.functional.cross_entropy(logits, torch.tensor(targets))


def write_repository(folder, family, model, network, tokenizer, special):
    (folder / "onnx").mkdir(parents=True)
    network.config.architectures = [type(network).__name__]
    network.config.save_pretrained(folder)
    backend = tokenizer.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    if model.tokenizer_truncates:
        backend.enable_truncation(model.max_tokens)
        backend.enable_padding(length=model.max_tokens, pad_id=tokenizer.pad_token_id, pad_token=tokenizer.pad_token)
    backend.save(str(folder / "tokenizer.json"), pretty=False)
    settings = {**special, "tokenizer_class": family.tokenizer_class}
    if family.tokenizer == "word_piece":
        settings["do_lower_case"] = family.options.get("lowercase", False)
    settings["model_max_length"] = model.max_tokens if model.says_max_tokens else int(1e30)
    _write_json(folder / "tokenizer_config.json", settings)
    _write_json(folder / "special_tokens_map.json", special)
    _export(folder / "onnx" / "model.onnx", model, network)


def _write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _export(path, model, network):
    """Weights keep their names, so that the graph is all that has to be kept: `read_network` finds them by these."""
    kind = getattr(torch, model.inputs)
    rows, columns = model.fixed_batch or 2, model.fixed_length or 7
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if model.token_types else [])]
    feeds = {name: torch.ones((rows, columns), dtype=kind) for name in names}
    axes = {
        **({} if model.fixed_batch else {0: torch.export.Dim("batch_size")}),
        **({} if model.fixed_length else {1: torch.export.Dim("sequence_length", max=model.max_tokens)}),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            kwargs=feeds,
            dynamo=True,
            optimize=False,
            verbose=False,
            input_names=names,
            output_names=[model.output],
            dynamic_shapes={name: axes for name in names},
        )
    _simplify(program.model, set(network.state_dict()))
    graph = program.model_proto
    # Where each operator stood in the Python source would be most of the file.
    graph.ClearField("metadata_props")
    graph.graph.ClearField("value_info")
    graph.graph.ClearField("metadata_props")
    for part in (*graph.graph.node, *graph.graph.initializer, *graph.functions):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    external = {"save_as_external_data": True, "location": "model.onnx_data"} if model.external_data else {}
    onnx.save(graph, path, **external)
    for file in path.parent.iterdir():
        file.chmod(0o644)  # onnx lets nobody else read external data.


def _simplify(graph, weights):
    """What the exporter's own optimisation does, but for transposing and gathering weights, which takes their names."""
    takes_weights = lambda node: any(value is not None and value.name in weights for value in node.inputs)
    optimizer.optimize_ir(graph, should_fold=lambda node: False if takes_weights(node) else None)


def read_network(folder, model):
    """The transformers model with the weights of the graph."""
    config = AutoConfig.from_pretrained(folder, attn_implementation="eager")
    network = HEADS[model.task].from_config(config)
    graph = onnx.load(folder / "onnx" / "model.onnx").graph
    weights = {one.name: torch.from_numpy(onnx.numpy_helper.to_array(one).copy()) for one in graph.initializer}
    names = network.state_dict().keys()
    missing, _ = network.load_state_dict({k: v for k, v in weights.items() if k in names}, strict=False)
    tied = network.all_tied_weights_keys
    lost = [name for name in missing if name not in tied and name not in tied.values()]
    if lost:
        raise ValueError(f"{folder}: the graph lacks {lost}")
    network.tie_weights()
    return network.eval()
