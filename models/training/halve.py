"""Writes the weights of a run as a folder to start from: safetensors in fp16, tokenizer and config.

    python models/training/halve.py RUN FOLDER
"""

import argparse
import json
from pathlib import Path

from network import transformers_config
from start import MODEL_CONFIG, MODEL_WEIGHTS, adopt_tokenizer, load_network, save_weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a run that is finished, or a .pt file of one")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    network = load_network(options.run)
    options.folder.mkdir(parents=True, exist_ok=True)
    adopt_tokenizer([options.run], options.folder)
    save_weights(network, options.folder / MODEL_WEIGHTS)
    (options.folder / MODEL_CONFIG).write_text(json.dumps(transformers_config(network.config), indent=1) + "\n")


if __name__ == "__main__":
    main()
