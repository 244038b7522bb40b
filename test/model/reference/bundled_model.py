"""A model folder of Subtext (ONNX graphs and tokenizer.json) as models for Hugging Face's own pipelines.

The pipelines do everything but the tensors: these come from the very int8 graphs that ship, run by onnxruntime
on the CPU, one text at a time.
"""

import json
import os
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np  # noqa: E402
import onnxruntime as ort  # noqa: E402
import torch  # noqa: E402
from transformers import BertConfig, PreTrainedTokenizerFast  # noqa: E402
from transformers.modeling_outputs import MaskedLMOutput, SequenceClassifierOutput, TokenClassifierOutput  # noqa: E402
from transformers.models.bert.modeling_bert import BertPreTrainedModel  # noqa: E402
from transformers.pipelines import FillMaskPipeline, TextClassificationPipeline  # noqa: E402

from pipelines import WindowedTokenClassificationPipeline  # noqa: E402


def _session(path, threads):
    options = ort.SessionOptions()
    # As the product does: products of 8-bit integers are exact on every processor.
    options.add_session_config_entry("session.x64quantprecision", "1")
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class BundledModel:
    """Tokenizer, graphs and labels of a model folder described in models/catalog.json."""

    def __init__(self, catalog, model_id, encoder=None, threads=1):
        """`encoder`: another encoder graph to use in place of the folder's own."""
        catalog = Path(catalog)
        entry = next(model for model in json.loads(catalog.read_text())["models"] if model["id"] == model_id)
        folder = catalog.parent / entry["bundled"]
        config = json.loads((folder / "config.json").read_text())
        special = json.loads((folder / "tokenizer_config.json").read_text())
        self.revision = entry["revision"]
        self.languages = entry["languages"]
        self.max_tokens = entry["limits"]["maxTokens"]
        self.outputs = entry["heads"]["encoder"]["outputs"]
        self.token_labels = {int(i): label for i, label in config["id2label"].items()}
        self.sentiment_labels = {int(i): label for i, label in config["sentiment_id2label"].items()}
        self.config = config
        self.encoder = _session(encoder or folder / entry["heads"]["encoder"]["graph"], threads)
        self.mask_head = _session(folder / entry["heads"]["mask"]["graph"], threads)
        self.mask_names = entry["heads"]["mask"]
        self.tokenizer = PreTrainedTokenizerFast(
            tokenizer_file=str(folder / "tokenizer.json"),
            model_max_length=self.max_tokens,
            **{name: special[name] for name in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")},
        )

    def encode(self, input_ids, attention_mask):
        """Token logits, sentiment logits and hidden states of `[rows, columns]` int64 arrays."""
        names = [self.outputs[name] for name in ("token", "sequence", "hidden")]
        return self.encoder.run(names, {"input_ids": input_ids, "attention_mask": attention_mask})

    def predict_masks(self, hidden):
        """Vocabulary logits of `[masks, hidden]`."""
        return self.mask_head.run([self.mask_names["output"]], {self.mask_names["input"]: hidden})[0]

    def transformers_config(self, labels):
        return BertConfig(
            vocab_size=self.config["vocab_size"],
            hidden_size=self.config["hidden_size"],
            num_hidden_layers=self.config["num_hidden_layers"],
            num_attention_heads=self.config["num_attention_heads"],
            intermediate_size=self.config["intermediate_size"],
            id2label=labels,
            label2id={label: i for i, label in labels.items()},
        )


class _Graph(BertPreTrainedModel):
    """Stands where a pipeline expects a PyTorch model. It has no weights of its own."""

    def __init__(self, bundled, labels):
        super().__init__(bundled.transformers_config(labels))
        self.bundled = bundled
        self.anchor = torch.nn.Parameter(torch.zeros(1), requires_grad=False)  # Pipelines ask a parameter for the device.

    def run(self, input_ids, attention_mask):
        return self.bundled.encode(input_ids.numpy(), attention_mask.numpy())


class TokenClassifier(_Graph):
    def forward(self, input_ids, attention_mask, **_):
        return TokenClassifierOutput(logits=torch.from_numpy(self.run(input_ids, attention_mask)[0]))


class SequenceClassifier(_Graph):
    def forward(self, input_ids, attention_mask, **_):
        return SequenceClassifierOutput(logits=torch.from_numpy(self.run(input_ids, attention_mask)[1]))


class MaskedLM(_Graph):
    def forward(self, input_ids, attention_mask, **_):
        """Logits at the masks, together in one run of the head; zeros elsewhere, where the pipeline does not look."""
        hidden = self.run(input_ids, attention_mask)[2]
        masks = input_ids[0] == self.bundled.tokenizer.mask_token_id
        logits = torch.zeros((1, input_ids.shape[1], self.config.vocab_size))
        logits[0, masks] = torch.from_numpy(self.bundled.predict_masks(hidden[0][masks.numpy()]))
        return MaskedLMOutput(logits=logits)


def token_pipeline(bundled):
    return WindowedTokenClassificationPipeline(
        model=TokenClassifier(bundled, bundled.token_labels), tokenizer=bundled.tokenizer
    )


def sentiment_pipeline(bundled):
    return TextClassificationPipeline(
        model=SequenceClassifier(bundled, bundled.sentiment_labels), tokenizer=bundled.tokenizer
    )


def mask_pipeline(bundled):
    return FillMaskPipeline(model=MaskedLM(bundled, bundled.token_labels), tokenizer=bundled.tokenizer)


def bucketed(bundled, texts, budget=512):
    """Token and sentiment logits of many texts, fast: cut to one window, batched by length.

    For measuring only: with dynamically quantised activations the neighbours in a batch change the scores a little.
    """
    encoded = bundled.tokenizer(texts, truncation=True, return_offsets_mapping=True)
    rows = encoded["input_ids"]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    results = [None] * len(rows)
    batch = []

    def flush():
        width = max(len(rows[i]) for i in batch)
        ids, mask = np.zeros((2, len(batch), width), dtype=np.int64)
        for row, i in enumerate(batch):
            ids[row, : len(rows[i])] = rows[i]
            mask[row, : len(rows[i])] = 1
        tokens, sentiment, _ = bundled.encode(ids, mask)
        for row, i in enumerate(batch):
            results[i] = (tokens[row, : len(rows[i])], sentiment[row])

    for i in order:
        if batch and len(rows[i]) * (len(batch) + 1) > budget:
            flush()
            batch = []
        batch.append(i)
    if batch:
        flush()
    return encoded, results
