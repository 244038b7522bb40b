"""Makes test/fixtures/reference: what transformers' own pipelines say with the small models of test/fixtures/models.

    pip install -r requirements.txt
    python make_families.py [name …]

The networks are transformers' own, in 32-bit floating point, with the weights of the ONNX graphs. Each text is run
alone. `texts.json` holds all texts; every model has the hostile ones and a part of the others, by their index there.
"""

import argparse
import json

import torch
import transformers
from tokenizers import Tokenizer
from transformers.pipelines import FillMaskPipeline, TextClassificationPipeline

import texts
from families import MODELS
from label_schemes import SEQUENCE_SCHEMES
from pipelines import (
    TOP_K,
    BioesTokenClassificationPipeline,
    WindowedTokenClassificationPipeline,
    all_mentions_of,
    fits,
    masks_of,
    scores_of,
    write_golden,
)
from small_models import read_network, wrap

MODELS_FOLDER = texts.ROOT / "test" / "fixtures" / "models"
OUTPUT = texts.ROOT / "test" / "fixtures" / "reference"
# Of the sentences each model gets every so manieth; together they get all.
SHARE = {"entities": 3, "sentiment": 2, "fillMask": 12}


def open_model(name):
    """Network and tokenizer of a model, without truncation or padding: windows are the pipeline's business."""
    model = MODELS[name]
    folder = MODELS_FOLDER / name
    backend = Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.no_truncation()
    backend.no_padding()
    special = json.loads((folder / "special_tokens_map.json").read_text(encoding="utf-8"))
    return read_network(folder, model), wrap(backend, special, model.max_tokens)


def with_mask(text, mask):
    """The sentence with the word, or the character where there are no spaces, in its middle masked."""
    words = text.split(" ")
    if len(words) > 2:
        words[len(words) // 2] = mask
        return " ".join(words)
    middle = len(text) // 2
    return text[:middle] + mask + text[middle + 1 :]


def entity_results(model, network, tokenizer, numbered):
    kind = BioesTokenClassificationPipeline if model.labels == "bioes" else WindowedTokenClassificationPipeline
    pipeline = kind(model=network, tokenizer=tokenizer)
    return {"entities": [{"text": i, "mentions": all_mentions_of(pipeline, text)} for i, text in numbered]}


def sentiment_results(model, network, tokenizer, numbered):
    network.config.id2label = dict(enumerate(SEQUENCE_SCHEMES[model.labels].labels))
    pipeline = TextClassificationPipeline(model=network, tokenizer=tokenizer)
    # The pipeline knows no windows here.
    found = [{"text": i, "scores": scores_of(pipeline, text)} for i, text in numbered if fits(tokenizer, text)]
    return {"sentiment": found}


def mask_results(_, network, tokenizer, numbered):
    pipeline = FillMaskPipeline(model=network, tokenizer=tokenizer)
    mask = tokenizer.mask_token
    wanted = [(text.replace("[MASK]", mask), targets) for text, targets in texts.MASKS]
    wanted += [(with_mask(text, mask), None) for _, text in numbered if fits(tokenizer, text) and mask not in text]
    return {"masks": [masks_of(pipeline, text, targets) for text, targets in wanted]}


RESULTS = {"entities": entity_results, "sentiment": sentiment_results, "fillMask": mask_results}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="name", help="of families.py; all if none is given")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    OUTPUT.mkdir(exist_ok=True)
    sources = [*texts.samples(), *texts.sentences(), *texts.hostile()]
    first_hostile = len(sources) - len(texts.hostile())
    write_golden(OUTPUT / "texts.json", {"hostileFrom": first_hostile}, texts=sources)
    for number, (name, model) in enumerate(MODELS.items()):
        if arguments.names and name not in arguments.names:
            continue
        share = SHARE[model.task]
        numbered = [
            (i, texts.as_tokenizers_see_it(text))
            for i, text in enumerate(sources)
            if i >= first_hostile or i % share == number % share
        ]
        network, tokenizer = open_model(name)
        with torch.no_grad():
            results = RESULTS[model.task](model, network, tokenizer, numbered)
        head = {"model": name, "transformers": transformers.__version__}
        head |= {"topK": TOP_K} if model.task == "fillMask" else {}
        write_golden(OUTPUT / f"{name}.json", head, **results)
        print(f"{name}: {len(next(iter(results.values())))} results")


if __name__ == "__main__":
    main()
