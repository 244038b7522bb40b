"""Makes the bundled model: all steps by one command, or each alone.

    python models/training/run.py all --pack CORPORA --packages PACKAGES --out RUN [--minutes 90 | --steps 20000]
    python models/training/run.py {prepare,begin,tokenizer,pack,train,export,quantize,evaluate,card} --out RUN
    python models/training/run.py all --smoke --pack CORPORA --out RUN

With --packages a training begins with multilingual-e5-small, with --start-from with other weights, else with nothing.
A step whose results are there already is left out by `all`, and training goes on where it was stopped; a step that is
named runs again. With --smoke a toy of a slice of the data goes through the whole chain in about a minute.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

AUGMENTATIONS = ("case", "punctuation", "entities", "joining")
SMOKE = {
    "limit": 150, "vocabulary": 4000, "tokens": 2048, "steps": 120, "lr": 3e-3, "heads_rate": 1.0, "copies": 2,
    "calibration_rows": 60, "eval_texts": 60, "log_every": 20, "name": "subtext-smoke", "title": "Subtext smoke run",
}  # fmt: skip


def run_prepare(options):
    from prepare import prepare

    if not options.pack:
        raise SystemExit("prepare needs --pack, the folder of the corpora.")
    prepare(options.pack, options.out / "prepared", options.exclude_source, options.stated_licences_only, options.limit)


def run_begin(options):
    from begin import begin

    begin(options.packages, options.start_from, options.out / "prepared", options.out, options.vocabulary)


def run_tokenizer(options):
    if options.start_from:
        from start import adopt_tokenizer

        adopt_tokenizer(options.start_from, options.out)
    else:
        from wordpieces import train_tokenizer

        train_tokenizer(options.out / "prepared", options.out / "tokenizer.json", options.vocabulary)


def run_pack(options):
    from pack import pack

    pack(options.out / "prepared", options.out / "tokenizer.json", options.out / "packed.npz", options, options.seed)


def run_train(options):
    from train import Training

    Training(options.out / "packed.npz", options.out / "tokenizer.json", options.out, options).run()


def run_export(options):
    from export import export

    export(options.out, options)


def run_quantize(options):
    from quantize import quantize

    quantize(options.out, options)


def run_evaluate(options):
    from evaluate import evaluate_run

    evaluate_run(options.out, options)


def run_card(options):
    from card import write_card

    write_card(options.out, options)


# Each step and the file that is there when it is done. `begin` makes the tokenizer too, so that its step is left out.
STEPS = {
    "prepare": (run_prepare, "prepared/provenance.json"),
    "begin": (run_begin, "start.pt"),
    "tokenizer": (run_tokenizer, "tokenizer.json"),
    "pack": (run_pack, "packed.npz"),
    "train": (run_train, "final.pt"),
    "export": (run_export, "fp32/modules.json"),
    "quantize": (run_quantize, "models/catalog.json"),
    "evaluate": (run_evaluate, "scores.json"),
    "card": (run_card, "models/{name}/README.md"),
}


def parse(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["all", *STEPS])
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--pack", type=Path, help="folder of the corpora")
    parser.add_argument("--smoke", action="store_true", help="a toy of a slice of the data, in about a minute")
    parser.add_argument("--seed", type=int, default=1)
    data = parser.add_argument_group("data")
    data.add_argument("--exclude-source", nargs="*", default=[], help="sources of labelled rows to leave out")
    data.add_argument("--stated-licences-only", action="store_true", help="leave out labelled sources without one")
    data.add_argument("--limit", type=int, default=0, help="most rows a language and task; 0: all")
    data.add_argument("--vocabulary", type=int, default=64_000, help="pieces of the tokenizer")
    data.add_argument("--augment", nargs="*", choices=AUGMENTATIONS, default=list(AUGMENTATIONS))
    data.add_argument("--copies", type=int, default=2, help="of a labelled row; all but the first are varied")
    data.add_argument(
        "--buckets", type=int, nargs="+", default=[24, 32, 48, 64, 96, 128],
        help="lengths that rows are filled up to, in pieces; more of them waste less, but each is compiled",
    )  # fmt: skip
    data.add_argument("--label-pieces", choices=("all", "first"), default="all")
    data.add_argument("--temper", type=float, default=0.5, help="power of a language's size that is its share")
    start = parser.add_argument_group("what training begins with")
    start.add_argument("--packages", type=Path, help="folder of the packages that carry multilingual-e5-small")
    start.add_argument(
        "--start-from", type=Path, nargs="+", default=[],
        help="weights to begin with: a model folder, or a run, or a .pt file of one; of several the mean",
    )  # fmt: skip
    start.add_argument("--start-history", default="", help="how those weights were made, a sentence for the card")
    for name in ("embedding", "hidden", "layers", "heads"):
        start.add_argument(f"--{name}", type=int, help="of a network that begins with nothing")
    training = parser.add_argument_group("training")
    training.add_argument("--minutes", type=float, default=90, help="time to train, if --steps is not given")
    training.add_argument("--steps", type=int, help="steps to train; then the run can be repeated exactly")
    training.add_argument("--tokens", type=int, help="token positions a step (131072 on a GPU, 4096 on a CPU)")
    training.add_argument("--lr", type=float, help="highest learning rate (2.5e-4 from weights, 1.2e-3 from nothing)")
    training.add_argument("--heads-rate", type=float, help="times that for the heads (5 from weights, 1 from nothing)")
    training.add_argument("--late-from", type=float, default=0.45, help="share of the time before the late phase")
    add_phases(training)
    training.add_argument("--keep-masking", action="store_true", help="mask labelled rows in the late phase too")
    training.add_argument("--muon", action="store_true", help="Muon instead of AdamW for the matrices of the layers")
    training.add_argument("--smoothing", type=float, default=0.05, help="of labels")
    training.add_argument("--compile", action="store_true", help="torch.compile; pays after some minutes")
    training.add_argument("--device", help="cuda or cpu; without it, the GPU if there is one")
    training.add_argument("--save-minutes", type=float, default=4)
    training.add_argument("--log-every", type=int, default=100)
    result = parser.add_argument_group("result")
    result.add_argument("--name", default="subtext-base", help="folder and id of the model")
    result.add_argument("--title", default="Subtext base")
    result.add_argument("--revision", default="1")
    result.add_argument(
        "--keep-pieces", type=int, default=60_416,
        help="so many of the pieces at most, those that the corpora use most: with more the model is too large",
    )  # fmt: skip
    result.add_argument("--calibration-rows", type=int, default=2000, help="texts for the ranges of activations")
    result.add_argument("--eval-texts", type=int, default=600, help="paragraphs for the masked-LM scores")
    result.add_argument("--eval-rows", type=int, default=0, help="development rows a task for the scores; 0: all")
    if parser.parse_args(arguments).smoke:
        parser.set_defaults(**SMOKE)
    options = parser.parse_args(arguments)
    if options.tokens is None and options.step in ("all", "train"):
        from train import choose_device

        options.tokens = 131_072 if choose_device(options.device) == "cuda" else 4096
    return options


def add_phases(group):
    """Options of the two phases: at first the encoder learns the corpora, then the tasks count more."""
    shares = {"early": (0.34, 0.22), "late": (0.46, 0.30)}
    losses = {"early": (0.8, 1.5, 1.1, 1.2), "late": (0.5, 2.0, 1.5, 1.2)}
    for phase, when in (("early", "before"), ("late", "after")):
        group.add_argument(
            f"--{phase}-shares", type=float, nargs=2, default=shares[phase], metavar=("ENTITIES", "SENTIMENT"),
            help=f"of the rows of a step, {when} --late-from; the rest is raw text",
        )  # fmt: skip
        group.add_argument(
            f"--{phase}-losses", type=float, nargs=4, default=losses[phase],
            metavar=("MASK", "ENTITIES", "SENTIMENT", "VECTORS"), help=f"weights {when} --late-from",
        )  # fmt: skip


def main():
    options = parse()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, (step, result) in STEPS.items():
        done = (options.out / result.format(name=options.name)).exists()
        # Training can begin with nothing, or with weights that lie in a folder.
        done = done or (name == "begin" and not options.packages)
        if options.step == name or (options.step == "all" and not done):
            start = time.monotonic()
            step(options)
            print(f"== {name} took {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
