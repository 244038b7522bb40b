"""How much the losses of a CPU's step and their gradients differ from those of a GPU's, both in fp32 on the CPU."""

import json
from pathlib import Path

import torch
from losses import Losses
from network import Network
from train import make_teacher

torch.manual_seed(1)
network = Network({"vocabulary": 64, "embedding": 16, "hidden": 32, "layers": 2, "heads": 2})
ids = torch.randint(5, 64, (6, 12))
ids[1, 8:] = ids[4, 9:] = 0
positions = torch.tensor([[1, 2, 3]]).repeat(6, 1)
targets = ids.gather(1, positions)
targets[0, 1] = -100
batch = (ids, positions, targets, torch.randint(0, 9, (2, 12)), torch.tensor([0, 2]), ids[2:5])
teacher = make_teacher(network, {"sentence.weight"}, Path("none"))
torch.nn.init.normal_(network.sentence.weight)


def run(device):
    losses = Losses(network, teacher, "cpu", 0.05, compiled=False)
    # Without autocast, a GPU's step runs on the CPU too.
    losses._device, losses._precision = device, torch.float32
    network.zero_grad()
    parts = losses._compute(*batch)
    parts.sum().backward()
    return [parts.detach(), *(p.grad.clone() for p in network.parameters() if p.grad is not None)]


pairs = zip(run("cpu"), run("cuda"), strict=True)
print(json.dumps(max(float((one - other).abs().max()) for one, other in pairs)))
