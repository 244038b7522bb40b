"""Trains the encoder and its three heads together, from scratch or from where a run was stopped."""

import json
import platform
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from batches import Batches
from network import Network, lean_layer
from start import start_from
from wordpieces import PAD
from tokenizers import Tokenizer

# Shares of the rows (entities, sentiment) and weights of the losses (masked LM, entities, sentiment, sentence vectors).
EARLY = {"shares": (0.34, 0.22), "losses": (0.8, 1.5, 1.1, 1.2), "mask_tasks": True}
# Later the tasks count more, and their rows are seen as they are.
LATE = {"shares": (0.46, 0.30), "losses": (0.5, 2.0, 1.5, 1.2), "mask_tasks": False}
WARM_UP = 0.03
DECAY_POWER = 1.0
WEIGHT_DECAY = 0.01
HEADS_RATE = 5.0
HEADS = ("token", "sentiment_", "sentence", "mask_")
AVERAGE_FROM = 2 / 3
AVERAGE_EVERY = 4
AVERAGE_DECAY = 0.999**AVERAGE_EVERY
GRADIENT_NORM = 1.0
STATE = "state.pt"
# The last weights, and their moving average.
FINAL = "final.pt"
AVERAGED = "averaged.pt"


class Average:
    """Exponential moving average of the weights, from `AVERAGE_FROM` of the run on."""

    def __init__(self, network):
        self.weights = {name: value.detach().clone().float() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network, progress):
        decay = AVERAGE_DECAY if progress > AVERAGE_FROM else 0.0
        state = network.state_dict()
        own = [self.weights[name] for name in state]
        torch._foreach_lerp_(own, [value.float() for value in state.values()], 1 - decay)


def choose_device(name):
    return name or ("cuda" if torch.cuda.is_available() else "cpu")


def learning_rate(peak, progress):
    """Linear warm-up, then a decay to zero; `progress` from 0 to 1."""
    return peak * min(1.0, progress / WARM_UP + 1e-3) * max(0.0, 1 - progress) ** DECAY_POWER


def make_optimizers(network, peak, muon):
    """AdamW, the heads at a higher rate, and with `muon` Muon for the matrices of the layers, its steps as long as AdamW's."""
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
            "rate": HEADS_RATE if heads else 1.0,
        }
        for matrices in (True, False)
        for heads in (True, False)
    ]
    optimizers = [torch.optim.AdamW(groups, lr=peak, betas=(0.9, 0.98), eps=1e-6, fused=True)]
    if layers:
        optimizers.append(torch.optim.Muon(layers, lr=peak, weight_decay=WEIGHT_DECAY, adjust_lr_fn="match_rms_adamw"))
        optimizers[-1].param_groups[0]["rate"] = 1.0
    return optimizers


def vocabulary_losses(logits, bias, targets, share):
    """Losses of rows of logits, and `share` times the probabilities."""
    logits = logits.float() + bias
    most = logits.amax(1, keepdim=True)
    raised = (logits - most).exp()
    total = raised.sum(1, keepdim=True)
    losses = total.log() + most - logits.gather(1, targets[:, None])
    return losses.squeeze(1), (raised * (share / total)).to(torch.bfloat16)


class MaskedLoss(torch.autograd.Function):
    """Cross entropy over the vocabulary, its gradients made at once: the logits are not kept, nor seen in fp32."""

    compiled = staticmethod(vocabulary_losses)

    @staticmethod
    def forward(context, hidden, weight, bias, targets):
        table = weight.to(torch.bfloat16)
        losses, slope = MaskedLoss.compiled(hidden @ table.T, bias, targets, torch.tensor(1 / len(targets)))
        slope[torch.arange(len(targets)), targets] -= 1 / len(targets)
        context.save_for_backward(slope @ table, slope.T @ hidden, slope.sum(0, dtype=torch.float32))
        return losses.mean()

    @staticmethod
    def backward(context, upper):
        hidden, weight, bias = context.saved_tensors
        return (hidden * upper).to(torch.bfloat16), weight.float().mul_(upper), bias * upper, None


def distance(own, teacher):
    """Of sentence vectors: of their directions, and of those after the batch's mean is taken off."""
    centred = F.cosine_similarity(own - own.mean(0), teacher - teacher.mean(0), dim=-1)
    return 2 - F.cosine_similarity(own, teacher, dim=-1).mean() - centred.mean()


def make_losses(network, smoothing, step, teacher):
    def losses(ids, positions, targets, labels, classes, distilled):
        hidden = network.lean(ids, step)
        width = hidden.shape[-1]
        masked = hidden.gather(1, positions[:, :, None].expand(-1, -1, width)).flatten(0, 1)
        targets = targets.flatten()
        # A CPU is better off without logits that no loss asks for.
        masked, targets = masked[targets >= 0].float(), targets[targets >= 0]
        masked = network.mask_norm(F.gelu(network.mask_dense(masked))).bfloat16()
        entities, sentiments = len(labels), len(classes)
        token_logits = network.token(hidden[:entities].float()).flatten(0, 1)
        sentiment_logits = network.sentiment(hidden[entities : entities + sentiments].float())
        used = distilled != PAD
        with torch.no_grad():
            aim = teacher.vectors(teacher.lean(distilled, step), used)
        own = network.sentence(network.vectors(hidden[entities : entities + len(distilled)], used))
        return torch.stack([
            MaskedLoss.apply(masked, network.words.weight, network.mask_bias, targets),
            F.cross_entropy(token_logits, labels.flatten(), ignore_index=-100, label_smoothing=smoothing),
            F.cross_entropy(sentiment_logits, classes, label_smoothing=smoothing),
            distance(own, aim),
        ])

    return losses


def load_teacher(path):
    """The frozen encoder that begin_from_e5.py wrote; its heads are unused."""
    saved = torch.load(path, map_location="cpu", weights_only=True)
    teacher = Network(saved["config"])
    missing = teacher.load_state_dict(saved["network"], strict=False)
    assert not missing.unexpected_keys, missing
    return teacher.eval().requires_grad_(False)


class Training:
    """`options`: minutes or steps, tokens a step, sizes, lr, smoothing, temper, compile, device, save_minutes."""

    def __init__(self, packed, tokenizer_path, out, options):
        torch.manual_seed(options.seed)
        torch.set_float32_matmul_precision("high")
        self.options, self.out = options, Path(out)
        self.device = choose_device(options.device)
        tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self.batches = Batches(packed, tokenizer, options, self.device, options.seed)
        self.config = {
            # A multiple of 64 keeps the matrix units of a GPU busy.
            "vocabulary": (self.batches.vocabulary + 63) // 64 * 64,
            "embedding": options.embedding,
            "hidden": options.hidden,
            "layers": options.layers,
            "heads": options.heads,
        }
        self.network = Network(self.config)
        self.teacher = load_teacher(options.teacher)
        if options.start_from:
            old = options.start_tokenizer and Tokenizer.from_file(str(options.start_tokenizer))
            start_from(self.network, options.start_from, old and (old, tokenizer))
        self.network.to(self.device)
        self.teacher.to(self.device)
        self.average = Average(self.network)
        self.optimizers = make_optimizers(self.network, options.lr, options.muon)
        self.step, self.seen, self.used = 0, 0, 0.0
        if (self.out / STATE).exists():
            self._resume()

    def _resume(self):
        state = torch.load(self.out / STATE, map_location=self.device, weights_only=True)
        if state["config"] != self.config:
            raise SystemExit(f"{self.out / STATE} is of another size: {state['config']}. Use another --out.")
        self.network.load_state_dict(state["network"])
        self.average.weights = state["average"]
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.batches.restore(state["batches"])
        self.step, self.seen, self.used = state["step"], state["seen"], state["used"]
        print(f"resumed at step {self.step}", flush=True)

    def save(self, used):
        state = {
            "network": self.network.state_dict(),
            "average": self.average.weights,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "batches": self.batches.state(),
            "config": self.config,
            "step": self.step,
            "seen": self.seen,
            "used": used,
        }
        # A run may be stopped while it writes.
        torch.save(state, self.out / f"{STATE}.new")
        (self.out / f"{STATE}.new").replace(self.out / STATE)

    def progress(self, used):
        """From 0 to 1. By steps a run can be repeated exactly; by minutes it ends in time."""
        if self.options.steps:
            return self.step / self.options.steps
        return used / (self.options.minutes * 60)

    def run(self):
        options = self.options
        step = lean_layer
        if options.compile:
            # One layer, so that it is compiled once a shape and not twelve times; each phase has a shape of rows to distil.
            torch._dynamo.config.recompile_limit = torch._dynamo.config.accumulated_recompile_limit = 256
            step = torch.compile(lean_layer, dynamic=False)
            MaskedLoss.compiled = staticmethod(torch.compile(vocabulary_losses, dynamic=True))
        losses = make_losses(self.network, options.smoothing, step, self.teacher)
        start, saved, recent, mark = time.monotonic(), time.monotonic(), [], (time.monotonic(), self.seen)
        weights = {id(phase): torch.tensor(phase["losses"], device=self.device) for phase in (EARLY, LATE)}
        while (progress := self.progress(self.used + time.monotonic() - start)) < 1:
            phase = LATE if progress > options.late_from else EARLY
            for group in (group for optimizer in self.optimizers for group in optimizer.param_groups):
                group["lr"] = group["rate"] * learning_rate(options.lr, progress)
            batch = self.batches.draw(phase["shares"], phase["mask_tasks"])
            parts = losses(*batch)
            self.network.zero_grad(set_to_none=True)
            (parts * weights[id(phase)]).sum().backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_NORM)
            for optimizer in self.optimizers:
                optimizer.step()
            self.step += 1
            self.seen += batch[0].numel()
            recent.append(parts.detach())
            if self.step % AVERAGE_EVERY == 0 and progress > AVERAGE_FROM - 0.01:
                self.average.update(self.network, progress)
            if self.step % options.log_every == 0:
                mask, token, sentiment, vectors = torch.stack(recent).mean(0).tolist()
                now = time.monotonic()
                rate = (self.seen - mark[1]) / (now - mark[0])
                recent, mark = [], (now, self.seen)
                print(
                    f"step {self.step} {100 * progress:.1f}% {self.seen / 1e6:.2f}M tokens {rate / 1e3:.1f}k/s "
                    f"mask {mask:.3f} token {token:.3f} sentiment {sentiment:.3f} vectors {vectors:.3f}",
                    flush=True,
                )
            if time.monotonic() - saved > options.save_minutes * 60:
                saved = time.monotonic()
                self.save(self.used + saved - start)
        self.used += time.monotonic() - start
        self.save(self.used)
        self._finish()

    def _finish(self):
        """Writes the last weights, their average, and how they were made."""
        torch.save({"network": self.average.weights, "config": self.config}, self.out / AVERAGED)
        torch.save({"network": self.network.state_dict(), "config": self.config}, self.out / FINAL)
        record = {
            "steps": self.step,
            "tokens": self.seen,
            "seconds": round(self.used),
            "raw_tokens": self.batches.raw_tokens,
            "parameters": sum(p.numel() for p in self.network.parameters()),
            "device": torch.cuda.get_device_name() if self.device == "cuda" else "CPU",
            "threads": torch.get_num_threads(),
            "machine": platform.machine(),
            "torch": torch.__version__,
            "began_with": [str(path) for path in self.options.start_from],
            "options": {name: value for name, value in vars(self.options).items() if name in RECORDED},
        }
        (self.out / "training.json").write_text(json.dumps(record, indent=1) + "\n")
        print(f"trained {self.step} steps, {self.seen / 1e6:.1f}M tokens in {self.used:.0f} s", flush=True)


RECORDED = {
    "minutes", "steps", "tokens", "embedding", "hidden", "layers", "heads", "lr", "smoothing", "temper", "compile",
    "late_from", "muon", "buckets", "copies", "augment", "label_pieces", "vocabulary", "seed",
}  # fmt: skip


def load_network(out):
    """The last weights of a finished run, on the CPU."""
    saved = torch.load(Path(out) / FINAL, map_location="cpu", weights_only=True)
    network = Network(saved["config"])
    network.load_state_dict(saved["network"])
    return network.eval()
