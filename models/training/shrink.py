"""Leaves pieces out of a trained network: those that the corpora use least. Their words are cut into other pieces.

The table of the pieces is half of the model, and the last tenth of them is a thousandth of what texts use.
"""

import numpy as np
from corpus import read_rows
from network import Network
from trim import PRIOR_SHARE, count_pieces, is_needed, load, with_pieces
from wordpieces import SPECIAL

CHUNK = 20_000


def shrink(network, described, prepared, count):
    """A network and its tokenizer.json (a dict) with `count` of the pieces, in their order.

    Letters that the corpora use stay. Of scripts that nothing was trained on, those that are rare for the tokenizer go.
    """
    pieces = described["model"]["vocab"]
    tokenizer = load(described)
    used, in_names = count_pieces(tokenizer, prepared, len(pieces)), count_entity_rows(tokenizer, prepared, len(pieces))
    prior = np.array([np.exp(score) if score < 0 else 0.0 for _, score in pieces])
    # Names are rare words: the rows of entities count as much as all corpora together.
    weights = (1 - PRIOR_SHARE) * (used / used.sum() + in_names / in_names.sum()) / 2 + PRIOR_SHARE * prior / prior.sum()
    for i, (piece, _) in enumerate(pieces):
        if i < len(SPECIAL) or (used[i] > 0 and is_needed(piece, used[i])):
            weights[i] = np.inf
    rows = np.sort(np.argsort(-weights, kind="stable")[:count])
    state = network.state_dict()
    smaller = Network({**network.config, "vocabulary": count})
    smaller.load_state_dict({**state, **{name: state[name][rows] for name in ("words.weight", "mask_bias")}})
    return smaller.eval(), with_pieces(described, [pieces[i] for i in rows])


def count_entity_rows(tokenizer, prepared, size):
    """How often the rows of entities use each of `size` pieces."""
    texts = [row["text"] for row in read_rows(prepared, "ner.jsonl")]
    counts = np.zeros(size)
    for first in range(0, len(texts), CHUNK):
        for encoding in tokenizer.encode_batch(texts[first : first + CHUNK], add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
    return counts
