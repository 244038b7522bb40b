"""Hugging Face's pipelines and how their results are written down: spans in UTF-16, scores rounded."""

import json
import os
import re

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch  # noqa: E402
from transformers import logging  # noqa: E402
from transformers.pipelines import TokenClassificationPipeline  # noqa: E402

from texts import to_utf16  # noqa: E402

# The pipelines warn of models that they do not know by name, of every target that is no vocabulary entry, and more.
logging.set_verbosity(logging.CRITICAL)

STRATEGIES = ("none", "simple", "first", "average", "max")
# Content tokens that neighbouring windows share: the engine's default, a quarter of the window.
STRIDE_SHARE = 4
DIGITS = 6
TOP_K = 5


class WindowedTokenClassificationPipeline(TokenClassificationPipeline):
    """Hugging Face's pipeline with windows cut here.

    tokenizers 0.23.2 loses text when it truncates with a stride (huggingface/tokenizers#2091), so the pipeline's
    own windows would miss most of a long text. These are the ones that it documents: `model_max_length` tokens,
    special ones included, of which neighbours share `stride`.
    """

    def preprocess(self, sentence, stride=0, **_):
        encoded = self.tokenizer(sentence, return_offsets_mapping=True, add_special_tokens=False, verbose=False)
        ids, offsets = encoded["input_ids"], encoded["offset_mapping"]
        size = self.tokenizer.model_max_length - self.tokenizer.num_special_tokens_to_add()
        starts = list(range(0, max(1, len(ids) - stride), size - stride)) if len(ids) > size else [0]
        for start in starts:
            part = [self.tokenizer.cls_token_id, *ids[start : start + size], self.tokenizer.sep_token_id]
            spans = [(0, 0), *offsets[start : start + size], (0, 0)]
            yield {
                "input_ids": torch.tensor([part]),
                "attention_mask": torch.ones((1, len(part)), dtype=torch.int64),
                "offset_mapping": torch.tensor([spans]),
                "special_tokens_mask": torch.tensor([[1, *[0] * (len(part) - 2), 1]]),
                "sentence": sentence if start == 0 else None,
                "is_last": start == starts[-1],
            }

    def _sanitize_parameters(self, stride=None, **parameters):
        preprocess, forward, postprocess = super()._sanitize_parameters(**parameters)
        return ({"stride": stride} if stride else {}), forward, postprocess


class BioesTokenClassificationPipeline(WindowedTokenClassificationPipeline):
    """The same for labels with the prefixes B, I, E and S, of which Hugging Face's pipeline knows only two.

    It would make of `B-PER I-PER E-PER` a mention and another one of its last piece. Here an E ends the mention that it
    belongs to, and an S is one of its own. All else is the pipeline's.
    """

    def get_tag(self, label):
        return (label[0], label[2:]) if label[:2] in ("B-", "I-", "E-", "S-") else ("I", label)

    def group_entities(self, entities):
        groups = []
        for entity in entities:
            prefix, kind = self.get_tag(entity["entity"])
            last_prefix, last_kind = self.get_tag(groups[-1][-1]["entity"]) if groups else (None, None)
            if kind == last_kind and prefix in ("I", "E") and last_prefix in ("B", "I"):
                groups[-1].append(entity)
            else:
                groups.append([entity])
        return [self.group_sub_entities(group) for group in groups]


def fits(tokenizer, text):
    """Whether a text is one window."""
    return len(tokenizer(text, verbose=False)["input_ids"]) <= tokenizer.model_max_length


def mentions_of(pipeline, text, strategy):
    """`[[start, end, type, score], …]`."""
    tokenizer = pipeline.tokenizer
    options = {} if fits(tokenizer, text) else {"stride": tokenizer.model_max_length // STRIDE_SHARE}
    at = to_utf16(text)
    return [
        [
            at[m["start"]],
            at[m["end"]],
            m["entity"].split("-", 1)[-1] if strategy == "none" else m["entity_group"],
            round(float(m["score"]), DIGITS),
        ]
        for m in pipeline(text, aggregation_strategy=strategy, **options)
    ]


def all_mentions_of(pipeline, text):
    """Mentions by strategy. There are none of `none` where a text takes several windows: the pipeline refuses that."""
    strategies = STRATEGIES if fits(pipeline.tokenizer, text) else [one for one in STRATEGIES if one != "none"]
    return {strategy: mentions_of(pipeline, text, strategy) for strategy in strategies}


def scores_of(pipeline, text):
    """Scores of a text classification in the order of the labels."""
    scores = {entry["label"]: entry["score"] for entry in pipeline(text, top_k=None)}
    return [round(scores[label], DIGITS) for _, label in sorted(pipeline.model.config.id2label.items())]


def masks_of(pipeline, text, targets=None):
    """`{text, targets?, masks: [{span, candidates: [[id, text, score], …]}, …]}`."""
    token = pipeline.tokenizer.mask_token
    options = {"targets": targets} if targets else {}
    found = pipeline(text, top_k=TOP_K, **options)
    rows = found if isinstance(found[0], list) else [found]
    at = to_utf16(text)
    starts = [match.start() for match in re.finditer(re.escape(token), text)]
    return {
        "text": text,
        **options,
        "masks": [
            {
                "span": [at[start], at[start + len(token)]],
                "candidates": [[one["token"], one["token_str"], round(one["score"], DIGITS)] for one in row],
            }
            for start, row in zip(starts, rows, strict=True)
        ],
    }


def write_golden(path, head, **lists):
    """A JSON object of `head` and of `lists`, whose items have a line each; pure ASCII."""
    rows = lambda items: ",\n".join(json.dumps(item, ensure_ascii=True, separators=(",", ":")) for item in items)
    body = ",\n".join(f'"{name}": [\n{rows(items)}\n]' for name, items in lists.items())
    path.write_text(f"{json.dumps(head)[:-1]},\n{body}}}\n", encoding="ascii")
