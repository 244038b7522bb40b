"""Fixed ranges of the activations that are quantised: what a network shows on sample texts.

Dynamic quantisation takes the range of every activation over the whole batch, so that the result of a sentence depends
on its neighbours: by up to 0.05 in probability for subtext-base. With fixed ranges every row is computed by itself,
however it is batched, and faster.
"""

from collections import defaultdict

import numpy as np
import torch
from predict import in_batches
from wordpieces import MASK, PAD

# Share of the texts, in per cent, whose own extremes may lie outside of the range: a few outliers must not coarsen all
# values.
CLIPPED = 1.0
MASK_SHARE = 0.15
# Their results are few numbers, and their products cost next to nothing: they stay in fp32.
FLOAT = ("token", "sentiment_out")


class Extremes:
    """Lowest and highest input of each linear map of a network, a pair a row and channel."""

    def __init__(self, network):
        self._lows, self._highs, self._used = defaultdict(list), defaultdict(list), None
        self._hooks = [
            module.register_forward_pre_hook(lambda _, inputs, name=name: self._see(name, inputs[0]))
            for name, module in network.named_modules()
            if isinstance(module, torch.nn.Linear) and name not in FLOAT
        ]
        # What is multiplied with the table of the pieces.
        self._hooks.append(network.mask_norm.register_forward_hook(lambda *call: self._see("words", call[2])))

    def start(self, used):
        """Tells which positions `[rows, columns]` of the next inputs count."""
        self._used = used

    def _see(self, name, x):
        low = high = x
        if x.dim() == 3:
            unused = ~self._used[:, :, None]
            low, high = x.masked_fill(unused, torch.inf).amin(1), x.masked_fill(unused, -torch.inf).amax(1)
        # Thousands of rows of all channels: half the memory is as good.
        self._lows[name].append(low.half().numpy())
        self._highs[name].append(high.half().numpy())

    def ranges(self):
        """`{name: (lowest [channels], highest [channels])}`, and listens no longer."""
        for hook in self._hooks:
            hook.remove()
        return {
            name: (
                np.percentile(np.concatenate(lows), CLIPPED, 0).astype(np.float32),
                np.percentile(np.concatenate(self._highs[name]), 100 - CLIPPED, 0).astype(np.float32),
            )
            for name, lows in self._lows.items()
        }


@torch.no_grad()
def observe(network, tokenizer, texts, seed=1):
    """Ranges of the inputs of the linear maps, by the names of network.py, and "words" for the table."""
    extremes, chance = Extremes(network), np.random.default_rng(seed)
    for _, ids in in_batches([encoding.ids for encoding in tokenizer.encode_batch(texts)]):
        used = torch.from_numpy(ids != PAD)
        extremes.start(used)
        hidden = network(torch.from_numpy(ids))
        network.sentiment(hidden)
        network.embed(hidden, used)
        # The head of masked words reads the states of masks.
        masked = (chance.random(ids.shape) < MASK_SHARE) & (ids != PAD)
        masked[:, 0] = False
        if masked.any():
            hidden = network(torch.from_numpy(np.where(masked, MASK, ids)))
            network.prepare_fill(hidden[torch.from_numpy(masked)])
    return extremes.ranges()
