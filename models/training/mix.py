"""Writes SHARE of the weights of a run and the rest of those it began with, as a file like the run's.

    python models/training/mix.py RUN/averaged.pt START 0.7 MIXED.pt
"""

import sys

import torch
from start import read_weights


def main():
    path, start, share, out = sys.argv[1:]
    saved = torch.load(path, map_location="cpu", weights_only=True)
    begun = read_weights(start, saved["config"]["layers"])
    share = float(share)
    network = {name: share * value.float() + (1 - share) * begun[name] for name, value in saved["network"].items()}
    torch.save({"network": network, "config": saved["config"]}, out)


if __name__ == "__main__":
    main()
