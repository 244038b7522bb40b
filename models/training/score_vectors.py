"""How near sentence vectors are to those of the untouched encoder, from which they were distilled.

    python score_vectors.py TEACHER.pt TOKENIZER PREPARED CHECKPOINT [CHECKPOINT ...]

On held-out paragraphs (dev_raw.tsv): cosine, cosine after the mean is taken off, and how many of the ten nearest
neighbours are the same. If raw.tsv has them, sentences on COVID in pairs of languages (TICO-19; seen in training as raw
text): of those that are each other's nearest for the teacher, how many find each other. CHECKPOINT as of score.py.
"""
import random, re, sys
from pathlib import Path
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from score import encode, in_batches, read_state

PARAGRAPHS, PIECES = 900, 256
LANGUAGES = ("es", "fr", "pt", "zh", "id")


def vectors(state, encodings, linear):
    found = torch.zeros(len(encodings), 384)
    for chosen, ids in in_batches(encodings):
        used = (ids != 0)[:, :, None].float()
        mean = (encode(state, ids) * used).sum(1) / used.sum(1)
        found[chosen] = F.linear(mean, state["sentence_embedding.weight"], state["sentence_embedding.bias"]) if linear else mean
    return F.normalize(found, dim=-1)


def centred(x):
    return F.normalize(x - x.mean(0), dim=-1)


def main():
    teacher_path, tokenizer_path, folder, *checkpoints = sys.argv[1:]
    tokenizer = Tokenizer.from_file(tokenizer_path)
    tokenizer.no_padding()
    tokenizer.enable_truncation(PIECES)
    lines = Path(folder, "dev_raw.tsv").read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(lines)
    held_out = tokenizer.encode_batch([line.partition("\t")[2] for line in lines[:PARAGRAPHS]])
    covid = {lang: [] for lang in LANGUAGES}
    for line in open(Path(folder, "raw.tsv"), encoding="utf-8"):
        lang, _, text = line.rstrip("\n").partition("\t")
        if lang in covid and re.search("covid-19", text, re.I) and len(text) < 600:
            covid[lang].append(text)
    covid = {lang: tokenizer.encode_batch(sorted(set(texts))) for lang, texts in covid.items() if len(texts) > 50}
    with torch.inference_mode():
        state = read_state(teacher_path)
        aim = vectors(state, held_out, False)
        gold = {lang: vectors(state, rows, False) for lang, rows in covid.items()}
        pairs = {}
        for a in gold:
            for b in gold:
                if a < b:
                    near = gold[a] @ gold[b].T
                    there, back = near.argmax(1), near.argmax(0)
                    first = torch.arange(len(there))[back[there] == torch.arange(len(there))]
                    pairs[a, b] = first, there[first]
        nearest = (centred(aim) @ centred(aim).T).fill_diagonal_(-2).topk(10).indices
        for path in checkpoints:
            state = read_state(path)
            own = vectors(state, held_out, True)
            other = (centred(own) @ centred(own).T).fill_diagonal_(-2).topk(10).indices
            same = (nearest[:, :, None] == other[:, None, :]).any(-1).float().mean().item()
            found = {lang: vectors(state, rows, True) for lang, rows in covid.items()}
            recall = {}
            for (a, b), (left, right) in pairs.items():
                near = found[a] @ found[b].T
                recall[f"{a}-{b}"] = round(100 * (near[left].argmax(1) == right).float().mean().item(), 1)
            print(path)
            print(f"  cosine {(own * aim).sum(-1).mean():.4f} centred {(centred(own) * centred(aim)).sum(-1).mean():.4f} same neighbours {100 * same:.1f} %")
            print("  pairs", {f"{a}-{b}": len(left) for (a, b), (left, _) in pairs.items()})
            print("  found", recall, "mean", round(sum(recall.values()) / max(1, len(recall)), 1), flush=True)


if __name__ == "__main__":
    main()
