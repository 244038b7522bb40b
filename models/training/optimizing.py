"""How weights follow their gradients, and the average of where they have been."""

import torch

WARM_UP = 0.03
WEIGHT_DECAY = 0.01
# These begin untrained beside an encoder that is trained, or have one task each to follow.
HEADS = ("token", "sentiment_", "sentence", "mask_")
# The average is of the weights after this part of a run, in which the rate is low enough for it to be one place.
AVERAGE_FROM = 2 / 3
AVERAGE_EVERY = 4
AVERAGE_DECAY = 0.999**AVERAGE_EVERY


class Average:
    """Moving average of the weights: of all that it has seen alike, until those are more than its decay remembers."""

    def __init__(self):
        self.weights, self.count = None, 0

    @torch.no_grad()
    def update(self, network):
        state = {name: value.detach().float() for name, value in network.state_dict().items()}
        if self.weights is None:
            self.weights = {name: value.clone() for name, value in state.items()}
        else:
            share = max(1 - AVERAGE_DECAY, 1 / (self.count + 1))
            torch._foreach_lerp_([self.weights[name] for name in state], list(state.values()), share)
        self.count += 1


def learning_rate(peak, progress):
    """Linear warm-up, then linear decay to zero; `progress` from 0 to 1."""
    return peak * min(1.0, progress / WARM_UP + 1e-3) * max(0.0, 1 - progress)


def make_optimizers(network, peak, heads_rate, muon):
    """AdamW, and with `muon` Muon for the matrices of the layers, its steps as long as AdamW's.

    Each group's "rate" is what its learning rate is multiplied with: `heads_rate` for the heads.
    """
    layers = [p for p in network.layers.parameters() if p.dim() > 1] if muon else []
    taken = {id(p) for p in layers}
    groups = [
        {
            "params": [
                p
                for name, p in network.named_parameters()
                if (p.dim() > 1) == matrices and name.startswith(HEADS) == heads and id(p) not in taken
            ],
            "weight_decay": WEIGHT_DECAY if matrices else 0.0,
            "rate": heads_rate if heads else 1.0,
        }
        for matrices in (True, False)
        for heads in (True, False)
    ]
    optimizers = [torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), eps=1e-6, fused=True)]
    if layers:
        optimizers.append(torch.optim.Muon(layers, lr=peak, weight_decay=WEIGHT_DECAY, adjust_lr_fn="match_rms_adamw"))
        optimizers[-1].param_groups[0]["rate"] = 1.0
    return optimizers


def set_rates(optimizers, peak, progress):
    rate = learning_rate(peak, progress)
    for group in (group for optimizer in optimizers for group in optimizer.param_groups):
        group["lr"] = group["rate"] * rate
