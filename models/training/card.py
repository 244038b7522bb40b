"""Writes the model card: what the model is, what it was made of, and how well it does."""

import json
from collections import defaultdict

from corpus import LABELS

# Percent of a language's pieces that the tokenizer does not know, from which on the card warns.
UNREAD_SHARE = 5.0


def write_card(run, options):
    def read(path):
        return json.loads((run / path).read_text(encoding="utf-8"))

    training, scores, provenance = read("training.json"), read("scores.json"), read("prepared/provenance.json")
    folder = run / "models" / options.name
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    parts = [
        f"# {options.title}\n\n" + describe(config, training),
        section("How it was trained", training_text(training, options.start_history)),
        section("Scores", scores_text(scores, options.eval_rows)),
        section("Calibration", calibration_text(read("calibration.json"))),
        section("Bias probes", bias_text(scores["bias"])),
        section("Known failures", failures_text(scores["int8"], options)),
        section("Data", data_text(provenance)),
    ]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")
    print(f"card written: {options.name}/README.md", flush=True)


def section(title, text):
    return f"## {title}\n\n{text.strip()}\n"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def describe(config, training):
    pieces, hidden = f"{config['vocab_size']:,}", config["hidden_size"]
    files = table(
        ["file", "what"],
        [
            [
                "`onnx/encoder.onnx` + `.data`",
                "int8. In: `input_ids`, `attention_mask` int64 [batch, sequence]. Out: `token_logits` "
                f"[batch, sequence, {len(LABELS)}], `sentiment_logits` [batch, 3], `last_hidden_state` [batch, sequence, {hidden}]",
            ],
            [
                "`onnx/mlm.onnx` + `.data`",
                f"int8 masked-LM head. In: `hidden` float32 [masked, {hidden}]. Out: `logits` [masked, {config['vocab_size']}]",
            ],
            [
                "`weights.safetensors`",
                "fp16, transformers' names: `electra.*` with `generator_predictions.*` and `generator_lm_head.*` "
                "(`ElectraForMaskedLM`), `token_classifier.*` and `sequence_classifier.*` for its other classes",
            ],
            ["`config.json`, `tokenizer.json`, `tokenizer_config.json`", "Hugging Face style"],
        ],
    )
    return (
        f"One multilingual ELECTRA-style encoder ({config['num_hidden_layers']} layers × {hidden}, "
        f"{config['num_attention_heads']} heads, embeddings of {config['embedding_size']}, {pieces} cased word pieces, "
        f"{training['parameters'] / 1e6:.1f} M parameters), trained with heads for entities "
        "(PER, ORG, LOC, MISC), three-class sentiment and masked words. Input: [CLS] text [SEP], no token types.\n\n"
        f"{files}\n"
    )


def training_text(training, history):
    minutes = training["seconds"] / 60
    made = ", ".join(f"{name} {value}" for name, value in sorted(training["options"].items()) if value is not None)
    start = "From scratch: "
    if training["began_with"]:
        start = f"It began with other weights ({history or 'nothing is known of their training'}). From there: "
    if "averaged" in training:
        start += f"the mean of the weights of {len(training['averaged'])} runs one after the other and of what they began with, in all "
    return (
        f"{start}{training['steps']:,} steps over {training['tokens'] / 1e6:,.1f} M token positions (padding included) in "
        f"{minutes:.1f} minutes on {training['device']} ({training['machine']}, {training['threads']} CPU threads, "
        f"PyTorch {training['torch']}). Energy was not metered. "
        f"Options: {made}.\n\nMade by `python models/training/run.py all --pack CORPORA --out RUN` with these options."
    )


def scores_text(scores, rows):
    int8, fp32 = scores["int8"], scores["fp32"]
    sampled = f"{rows} rows a task of " if rows else ""
    parts = [
        f"On {sampled}the development files (disjoint from the training rows; used to choose between runs), by "
        "`python models/training/run.py evaluate --out RUN`. Entities count when start, end and type are exact."
    ]
    rows = [
        [lang, *(kinds.get(kind, {}).get("f1", "–") for kind in ("PER", "ORG", "LOC", "MISC")),
         *(kinds["all"][name] for name in ("precision", "recall", "f1")), kinds["all"]["entities"]]
        for lang, kinds in int8["entities"].items()
    ]  # fmt: skip
    parts.append("Entities (F1 a type, then all; int8):")
    parts.append(table(["language", "PER", "ORG", "LOC", "MISC", "precision", "recall", "F1", "entities"], rows))
    rows = [[lang, s["accuracy"], s["macro_f1"], s["classes"], s["rows"]] for lang, s in int8["sentiment"].items()]
    parts.append("Sentiment (int8):")
    parts.append(table(["language", "accuracy", "macro-F1", "classes in the rows", "rows"], rows))
    parts.append("What quantisation costs:")
    parts.append(table(["score", "fp32", "int8"], [[name, fp32_value, int8_value] for name, fp32_value, int8_value in
                                                   paired(fp32, int8)]))  # fmt: skip
    return "\n\n".join(parts)


def paired(fp32, int8):
    names = {
        "entities_mean_f1": "entities, mean F1 of the languages",
        "sentiment_mean_macro_f1": "sentiment, mean macro-F1 of languages with three classes",
        "entities_calibration_error": "calibration error of token labels (%)",
        "sentiment_calibration_error": "calibration error of sentiment (%)",
        "mask_calibration_error": "calibration error of masked words (%)",
    }
    for key, name in names.items():
        if key in int8:
            yield name, fp32[key], int8[key]
    for key, name in (("top1", "top-1"), ("top5", "top-5"), ("pseudo_perplexity", "pseudo-perplexity")):
        if "mask" in int8:
            yield f"masked words, {name}", fp32["mask"][key], int8["mask"][key]


def calibration_text(calibration):
    rows = [[head, c["temperature"], c["error_before"], c["error_after"]] for head, c in calibration.items()]
    return (
        "A temperature a head was fitted on every other development row and put into the weights. Calibration error "
        "(%, fp32) on the remaining rows:\n\n" + table(["head", "temperature", "before", "after"], rows)
    )


def bias_text(probes):
    rows = [[p["dimension"], p["language"], p["lowest"], p["highest"], p["spread"]] for p in probes]
    return (
        "Identical sentences with other names, genders or nationalities put in. Valence is P(positive) − P(negative); "
        "the spread between the groups' means should be 0, and can be 2:\n\n"
        + table(["what changes", "language", "lowest", "highest", "spread"], rows)
    )


def failures_text(scores, options):
    weakest = sorted((k["all"]["f1"], lang) for lang, k in scores["entities"].items() if lang != "all")[:3]
    names = ", ".join(f"{lang} ({f1})" for f1, lang in weakest)
    binary = [lang for lang, s in scores["sentiment"].items() if s["classes"] < 3]
    lines = [f"- Entities are weakest in: {names}."]
    unread = [f"{lang} ({share} %)" for lang, share in scores["unknown_pieces"].items() if share >= UNREAD_SHARE]
    if unread:
        lines.append(f"- Many pieces are unknown to the tokenizer, so the model cannot read them, in: {', '.join(unread)}.")
    if binary:
        lines.append(f"- The sentiment rows of {', '.join(binary)} have fewer than three classes: neutral is not measured there.")
    if "mask" in scores and scores["mask"]["top5"] < 40:
        lines.append(f"- Masked words: the right piece is among the first five in {scores['mask']['top5']} % only.")
    lines.append("- Windows are of 128 pieces; longer context is not seen.")
    if options.smoke:
        lines.append("- This is a smoke run: a toy that proves the recipe, of no use as a model.")
    return "\n".join(lines)


def data_text(provenance):
    grouped = defaultdict(lambda: [set(), 0])
    for row in provenance["sources"]:
        if row["task"] != "raw":
            entry = grouped[(row["task"], row["source"], row["licence"])]
            entry[0].add(row["language"])
            entry[1] += row["rows"]
    rows = [[t, s, " ".join(sorted(langs)), n, licence] for (t, s, licence), (langs, n) in sorted(grouped.items())]
    raw = sum(row["rows"] for row in provenance["sources"] if row["task"] == "raw")
    languages = " ".join(sorted(row["language"] for row in provenance["sources"] if row["task"] == "raw"))
    text = table(["task", "source", "languages", "rows", "licence as found"], rows)
    text += f"\n\nRaw text: {raw:,} paragraphs ({languages})."
    if provenance["raw_licences"]:
        names = "; ".join(f"{r['sources']}: {r['licence']}" for r in provenance["raw_licences"])
        text += f" Its sources and licences as found (commas separate sources of one row): {names}."
    if provenance["excluded"] or provenance["stated_only"]:
        text += f"\n\nLeft out: {', '.join(provenance['excluded']) or 'nothing by name'}"
        text += "; labelled sources without a stated licence too." if provenance["stated_only"] else "."
    if provenance["limit"]:
        text += f"\n\nA slice only: at most {provenance['limit']} rows a language and task."
    return text + "\n\nThe texts are not part of this repository; only weights were kept."
