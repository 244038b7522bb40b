"""Builds test/fixtures/models: a small model of every family, trained for seconds on the training corpora.

    pip install -r requirements.txt
    python make_models.py /path/to/corpora [name …]

What the corpora look like: models/training/README.md. Only sources with a stated open licence are used, and nothing
of the texts is kept but word pieces and weights. Then run make_families.py.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

import torch

import small_tokenizers
from families import FAMILIES, MODELS
from small_models import HEADS, to_config, to_rows, train, wrap, write_repository
from texts import ROOT

sys.path.insert(0, str(ROOT / "models" / "training"))
from corpus import read_rows, to_entity_row  # noqa: E402

OUTPUT = ROOT / "test" / "fixtures" / "models"
ENTITY_SOURCES = (
    "germeval2014 uner uner_ewt_prerelease wikigold wnut17 klue_dev hiner_val stockmark turkish_wiki_ner klintan "
    "factrueval2016 segundo_harem multiconer1 multiconer2 wikipedia_annotated_corpus"
).split()
SENTIMENT_SOURCES = ("xed", "indonlu_smsa", "nsmc_raw", "arsarcasm_v2")
ROWS = 4000
# Few enough to be learned nearly by heart: masks are then filled with some confidence.
MASKED_ROWS = 250
STEPS = {"entities": 1200, "sentiment": 1000, "fillMask": 1000}
SEED = 20


def read_by_language(corpora, name, sources):
    """Every seventh row, `ROWS` a language at most."""
    found = {}
    for number, row in enumerate(read_rows(corpora, name)):
        rows = found.setdefault(row["lang"], [])
        if number % 7 == 0 and row["source"] in sources and len(rows) < ROWS:
            rows.append(row)
    return found


def chosen(rows, languages):
    """As many of each language."""
    return [row for language in languages for row in rows.get(language, [])[: ROWS // len(languages)]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("names", nargs="*", metavar="name", help="of families.py; all if none is given")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # Models this small only wait for further threads.
    entities = read_by_language(arguments.corpora, "ner.jsonl", ENTITY_SOURCES)
    sentiments = read_by_language(arguments.corpora, "sentiment.jsonl", SENTIMENT_SOURCES)
    for name in arguments.names or MODELS:
        started = time.perf_counter()
        model = MODELS[name]
        family = FAMILIES[model.family]
        entity_rows = [to_entity_row(row) for row in chosen(entities, family.languages)]
        sentiment_rows = chosen(sentiments, family.languages)
        texts = [row["text"] for row in (*entity_rows, *sentiment_rows)]
        make_tokenizer = getattr(small_tokenizers, family.tokenizer)
        backend, special = make_tokenizer(texts, family.pieces, **family.options)
        tokenizer = wrap(backend, special, model.max_tokens)
        torch.manual_seed(SEED)
        network = HEADS[model.task].from_config(to_config(family, model, tokenizer))
        rows = to_rows(model, tokenizer, entity_rows, sentiment_rows)
        if model.task == "fillMask":
            rows = rows[:: len(rows) // MASKED_ROWS]
        loss = train(network, model, tokenizer, rows, STEPS[model.task], SEED)
        folder = OUTPUT / name
        shutil.rmtree(folder, ignore_errors=True)
        write_repository(folder, family, model, network, tokenizer, special)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        print(f"{name}: {len(rows)} rows, loss {loss:.3f}, {size / 1000:.0f} kB, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
