"""Writes the mean of the weights of some runs or model folders, as a run that can be exported.

    python models/training/average.py --out RUN RUN_OR_FOLDER RUN_OR_FOLDER ...

Of use where one was trained from the other: their mean is often better than both. RUN needs `prepared/` and
`tokenizer.json` of the others for the steps that follow.
"""

import argparse
import json
from pathlib import Path

import torch
from network import Network
from start import start_from
from train import FINAL

RECORD = "training.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("sources", type=Path, nargs="+", help="runs that are finished, and model folders")
    options = parser.parse_args()
    runs = [source for source in options.sources if (source / FINAL).exists()]
    if not runs:
        raise SystemExit("At least one of them must be a finished run: it tells the size.")
    network = Network(torch.load(runs[0] / FINAL, map_location="cpu", weights_only=True)["config"])
    start_from(network, [source / FINAL if source in runs else source for source in options.sources])
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save({"network": network.state_dict(), "config": network.config}, options.out / FINAL)
    records = [json.loads((run / RECORD).read_text()) for run in runs]
    # What went into the mean counts once, also where it went in twice.
    parts = {json.dumps(part, sort_keys=True): part for record in records for part in record.get("averaged", [record])}
    total = {name: sum(part[name] for part in parts.values()) for name in ("steps", "tokens", "seconds")}
    record = {**records[-1], **total, "averaged": list(parts.values())}
    (options.out / RECORD).write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
