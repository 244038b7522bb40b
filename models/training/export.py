"""Writes a trained network as a folder of fp32 graphs that transformers and sentence-transformers load too."""

import json

import numpy as np
import torch
from corpus import LABELS, SENTIMENTS, read_rows
from evaluate import run_entities, run_mask, run_sentiment, sample, sample_raw
from graphs import FloatWeights, write_encoder, write_mask_head
from metrics import calibration_error, fit_temperature
from network import transformers_config
from predict import GraphModel, NetworkModel, in_batches
from safetensors.torch import save_file
from shrink import shrink
from start import MODEL_CONFIG, MODEL_WEIGHTS, TOKENIZER, load_network, save_weights
from wordpieces import PAD, POSITIONS, SPACE, write_tokenizer_config

CALIBRATION_ROWS = 3000
TOLERANCE = 1e-4
CHECKED_TEXTS = 6
# What sentence-transformers needs besides the files of transformers.
SENTENCE_FILES = (
    "modules.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "2_Dense/config.json",
    "2_Dense/model.safetensors",
)


def export(run, options):
    """Writes RUN/fp32 (a model folder) and RUN/calibration.json."""
    network = load_network(run)
    described = json.loads((run / TOKENIZER).read_text(encoding="utf-8"))
    if options.keep_pieces < len(described["model"]["vocab"]):
        network, described = shrink(network, described, run / "prepared", options.keep_pieces)
    folder = run / "fp32"
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, described)
    report = calibrate(network, run / "prepared", folder / TOKENIZER, options)
    (run / "calibration.json").write_text(json.dumps(report, indent=1) + "\n")
    # Graphs, transformers and a training that goes on have the same weights to the bit.
    for value in network.state_dict().values():
        value.copy_(value.half())
    write_config(folder, network.config, options.label_pieces)
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    write_encoder(folder / "onnx" / "encoder.onnx", network.config, weights, FloatWeights(weights))
    write_mask_head(folder / "onnx" / "mlm.onnx", network.config, weights, FloatWeights(weights))
    save_weights(network, folder / MODEL_WEIGHTS)
    write_sentence_files(folder, network)
    check(folder, network, sample_raw(run / "prepared", CHECKED_TEXTS))
    print(f"exported; temperatures {({name: head['temperature'] for name, head in report.items()})}", flush=True)


def write_tokenizer(folder, described):
    """Scores as float32, which they were: their other digits are a quarter of the file.

    Texts are split at blanks first, as by XLM-RoBERTa's own tokenizer: the pieces are the same, but for a blank at the end
    of a text, and their offsets do not begin with the blank before a word.
    """
    pieces = [[piece, float(str(np.float32(score)))] for piece, score in described["model"]["vocab"]]
    marks = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}
    changed = {
        **described,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, marks]},
        "model": {**described["model"], "vocab": pieces},
    }
    text = json.dumps(changed, ensure_ascii=False, separators=(",", ":"))
    (folder / TOKENIZER).write_text(text, encoding="utf-8")
    write_tokenizer_config(folder / "tokenizer_config.json")


def calibrate(network, prepared, tokenizer_path, options):
    """Divides the logits of each head by the temperature that suits half of the development rows best.

    Gives temperatures, and the calibration error of the other half before and after, in per cent.
    """
    model = NetworkModel(network, tokenizer_path, LABELS, options.label_pieces)
    count = min(options.eval_rows or CALIBRATION_ROWS, CALIBRATION_ROWS)
    entity_rows = sample(read_rows(prepared, "dev_ner.jsonl"), count)
    sentiment_rows = sample(read_rows(prepared, "dev_sentiment.jsonl"), count)
    _, token_logits, token_gold, _ = run_entities(model, entity_rows)
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


def write_config(folder, config, label_pieces):
    described = {
        "architectures": ["ElectraModel"],
        **transformers_config(config),
        # The weights are stored in fp16, and are to be used in fp32.
        "dtype": "float32",
        "id2label": {str(i): label for i, label in enumerate(LABELS)},
        "label2id": {label: i for i, label in enumerate(LABELS)},
        "sentiment_id2label": {str(i): label for i, label in enumerate(SENTIMENTS)},
        "sentiment_problem_type": "single_label_classification",
        # Which pieces of a word carry its label; for evaluation.
        "label_pieces": label_pieces,
    }
    write_json(folder / MODEL_CONFIG, described)


def write_sentence_files(folder, network):
    """The sentence vector as sentence-transformers says it: mean over the used positions, linear map, length one."""
    hidden = network.config["hidden"]
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Dense", "Dense"), ("3_Normalize", "Normalize")]
    described = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(modules)
    ]
    write_json(folder / "modules.json", described)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": POSITIONS, "do_lower_case": False})
    pooling = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    write_json(folder / "1_Pooling/config.json", pooling)
    dense = {"in_features": hidden, "out_features": hidden, "bias": True, "activation_function": "torch.nn.Identity"}
    write_json(folder / "2_Dense/config.json", dense)
    state = {f"linear.{part}": value.half() for part, value in network.sentence.state_dict().items()}
    save_file(state, folder / "2_Dense/model.safetensors", {"format": "pt"})


def write_json(path, value):
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


@torch.no_grad()
def check(folder, network, texts):
    """Raises an error unless the graphs, and transformers' own classes from the folder, give what the network gives."""
    from transformers import (
        AutoModel,
        AutoModelForMaskedLM,
        AutoModelForSequenceClassification,
        AutoModelForTokenClassification,
        logging,
    )

    # It tells at length which heads a class has no use for.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    model = GraphModel(folder)
    sequences = [encoding.ids for encoding in model.tokenizer.encode_batch(texts)]
    own = {"num_labels": len(SENTIMENTS)}
    loaded = {
        "hidden": AutoModel.from_pretrained(folder).eval(),
        "token": AutoModelForTokenClassification.from_pretrained(folder).eval(),
        "sentiment": AutoModelForSequenceClassification.from_pretrained(folder, **own).eval(),
        "mask": AutoModelForMaskedLM.from_pretrained(folder).eval(),
    }
    for _, ids in in_batches(sequences):
        used = torch.from_numpy(ids != PAD)
        ids = torch.from_numpy(ids)
        hidden = network(ids)
        expected = {"hidden": hidden, "token": network.token(hidden), "mask": network.fill(hidden)}
        expected |= {"sentiment": network.sentiment(hidden), "vectors": network.embed(hidden, used)}
        token, sentiment, states = model.encode(ids.numpy())
        pairs = [("hidden", states), ("token", token), ("sentiment", sentiment), ("vectors", model.embed(ids.numpy()))]
        pairs.append(("mask", model.fill(states.reshape(-1, states.shape[-1])).reshape(*ids.shape, -1)))
        pairs += [(name, result_of(one(input_ids=ids, attention_mask=used.long()))) for name, one in loaded.items()]
        for name, result in pairs:
            difference = (torch.as_tensor(result) - expected[name]).abs()
            # What stands at positions of padding is used by nothing.
            worst = float(difference[used].max() if difference.dim() == 3 else difference.max())
            if worst > TOLERANCE:
                raise SystemExit(f"{folder}: {name} differs from the network by {worst}.")


def result_of(output):
    return output.logits if "logits" in output else output.last_hidden_state
