"""Writes weights of a run as a folder to start from: weights.safetensors (fp16, ELECTRA's names), tokenizer, config.

    python models/training/halve.py RUN/final.pt RUN/tokenizer.json FOLDER
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from network import Network, transformers_config
from start import MODEL_WEIGHTS, save_weights


def halve(path, tokenizer, folder):
    saved = torch.load(path, map_location="cpu", weights_only=True)
    network = Network(saved["config"])
    network.load_state_dict(saved["network"])
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(network, folder / MODEL_WEIGHTS)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "config.json").write_text(json.dumps(transformers_config(saved["config"]), indent=1) + "\n")


if __name__ == "__main__":
    halve(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
