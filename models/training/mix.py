"""Writes the mean of the weights of some runs or model folders, as a run that the steps from `export` on take.

    python models/training/mix.py --out RUN OTHER_RUN MODEL_FOLDER ... [--shares 0.5 0.5]

Of use where one was trained from the other: half of a run and half of what it began with is often better than both, and
keeps what the run alone forgets. A source is a run (its averaged weights), a model folder, or a .pt file of a run. RUN
needs `prepared/` of the others for the steps that follow.
"""

import argparse
import json
from pathlib import Path

import torch
from start import FINAL, adopt_tokenizer, read_mean
from train import RECORD


def record_of(source):
    """training.json of a run, or of the run whose file it is; None of a model folder."""
    folder = source if source.is_dir() else source.parent
    return json.loads((folder / RECORD).read_text()) if (folder / RECORD).exists() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shares", type=float, nargs="+", help="of the sources in their order; without, equal ones")
    parser.add_argument("sources", type=Path, nargs="+")
    options = parser.parse_args()
    if options.shares and len(options.shares) != len(options.sources):
        raise SystemExit("--shares needs one for each source.")
    records = [record for record in map(record_of, options.sources) if record]
    if not records:
        raise SystemExit("At least one of the sources must be a finished run: it tells how the weights were made.")
    config, state = read_mean(options.sources, options.shares)
    options.out.mkdir(parents=True, exist_ok=True)
    adopt_tokenizer(options.sources, options.out)
    torch.save({"network": state, "config": config}, options.out / FINAL)
    # What went into the mean counts once, also where it went in twice.
    parts = {json.dumps(part, sort_keys=True): part for record in records for part in record.get("averaged", [record])}
    total = {name: sum(part[name] for part in parts.values()) for name in ("steps", "tokens", "seconds")}
    record = {**records[-1], **total, "averaged": list(parts.values())}
    (options.out / RECORD).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
