"""Trains the encoder and its four heads together, from weights, from nothing, or from where a run was stopped."""

import copy
import json
import platform
import time
from pathlib import Path

import torch
from batches import Batches
from losses import NAMES, Losses
from network import Network
from optimizing import AVERAGE_EVERY, AVERAGE_FROM, Average, make_optimizers, set_rates
from start import BEGUN, FINAL, LAST, load_state, read_mean, read_weights
from tokenizers import Tokenizer
from wordpieces import padded_rows

GRADIENT_NORM = 1.0
STATE, RECORD = "state.pt", "training.json"
# The size of a network that begins with nothing; weights tell theirs.
SIZES = {"embedding": 192, "hidden": 384, "layers": 6, "heads": 6}
SMOKE_SIZES = {"embedding": 48, "hidden": 64, "layers": 2, "heads": 2}
# The rate of an encoder that knows languages is low, so that it keeps what it knows; the heads have all to learn.
RATES_OF_WEIGHTS = {"lr": 2.5e-4, "heads_rate": 5.0}
RATES_OF_NOTHING = {"lr": 1.2e-3, "heads_rate": 1.0}
# What training.json, and by it the card, tells of the options.
RECORDED = {
    "minutes", "steps", "tokens", "smoothing", "temper", "compile", "late_from", "early_shares", "late_shares",
    "early_losses", "late_losses", "keep_masking", "muon", "buckets", "copies", "augment", "label_pieces", "seed",
}  # fmt: skip


def choose_device(name):
    return name or ("cuda" if torch.cuda.is_available() else "cpu")


def make_network(pieces, paths, options):
    """The network to train, its rates, and the names of its parts that begin untrained.

    `pieces`: how many the tokenizer has. `paths`: weights to begin with, of several the mean; none: from nothing.
    """
    asked = {name: getattr(options, name) for name in SIZES if getattr(options, name) is not None}
    if not paths:
        sizes = (SMOKE_SIZES if options.smoke else SIZES) | asked
        network, rates = Network({"vocabulary": padded_rows(pieces), **sizes}), RATES_OF_NOTHING
        new = set(network.state_dict())
    else:
        config, state = read_mean(paths)
        wrong = [name for name, value in asked.items() if config[name] != value]
        if wrong:
            raise SystemExit(f"{paths[0]} is of another size than the options ask for: {config}.")
        if config["vocabulary"] not in (pieces, padded_rows(pieces)):
            raise SystemExit(f"{paths[0]} has {config['vocabulary']} pieces, tokenizer.json has {pieces}.")
        network, rates = Network(config), RATES_OF_WEIGHTS
        new = load_state(network, state, " + ".join(map(str, paths)))
    overruled = {name: getattr(options, name) for name in rates if getattr(options, name) is not None}
    return network, rates | overruled, new


def make_teacher(network, new, path):
    """The frozen encoder whose sentence vectors are learned: that of `path`, else the network itself before training.

    Its vectors are the mean over its positions. Only a network that has a trained map of that mean keeps the map too. A
    network that begins with nothing learns the vectors of a random encoder, which tell no more than what words occur.
    """
    if path.exists():
        config, state = read_weights(path)
        if config["hidden"] != network.config["hidden"]:
            raise SystemExit(f"The vectors of {path} are of another size than the network's.")
        teacher = Network(config)
        load_state(teacher, state, path)
        new = {"sentence.weight"}
    else:
        teacher = copy.deepcopy(network)
    if "sentence.weight" in new:
        teacher.sentence = torch.nn.Identity()
    return teacher.eval().requires_grad_(False)


class Training:
    """`options`: those of `run.py` for training."""

    def __init__(self, packed, tokenizer_path, out, options):
        torch.manual_seed(options.seed)
        torch.set_float32_matmul_precision("high")
        self.options, self.out = options, Path(out)
        self.device = choose_device(options.device)
        tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self.batches = Batches(packed, tokenizer, options, self.device, options.seed)
        begun = self.out / BEGUN
        self.began_with = options.start_from or ([begun] if begun.exists() else [])
        self.network, self.rates, new = make_network(self.batches.vocabulary, self.began_with, options)
        teacher = make_teacher(self.network, new, begun).to(self.device)
        self.network.to(self.device)
        self.losses = Losses(self.network, teacher, self.device, options.smoothing, options.compile)
        self.average = Average()
        self.optimizers = make_optimizers(self.network, self.rates["lr"], self.rates["heads_rate"], options.muon)
        self.step, self.seen, self.used = 0, 0, 0.0
        if (self.out / STATE).exists():
            self._resume()

    def _resume(self):
        state = torch.load(self.out / STATE, map_location=self.device, weights_only=True)
        if state["config"] != self.network.config:
            raise SystemExit(f"{self.out / STATE} is of another size: {state['config']}. Use another --out.")
        self.network.load_state_dict(state["network"])
        self.average.weights, self.average.count = state["average"], state["averaged"]
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        self.batches.restore(state["batches"])
        self.step, self.seen, self.used = state["step"], state["seen"], state["used"]
        print(f"resumed at step {self.step}", flush=True)

    def save(self, used):
        state = {
            "network": self.network.state_dict(),
            "average": self.average.weights,
            "averaged": self.average.count,
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "batches": self.batches.state(),
            "config": self.network.config,
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
        options, recent = self.options, []
        start = saved = now = time.monotonic()
        mark = (start, self.seen)
        early, late = (torch.tensor(w, device=self.device) for w in (options.early_losses, options.late_losses))
        while (progress := self.progress(self.used + now - start)) < 1:
            is_late = progress > options.late_from
            set_rates(self.optimizers, self.rates["lr"], progress)
            batch = self.batches.draw(
                options.late_shares if is_late else options.early_shares, options.keep_masking or not is_late
            )
            parts = self.losses(*batch)
            self.network.zero_grad(set_to_none=True)
            (parts * (late if is_late else early)).sum().backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_NORM)
            for optimizer in self.optimizers:
                optimizer.step()
            self.step += 1
            self.seen += batch[0].numel()
            recent.append(parts.detach())
            if progress > AVERAGE_FROM and self.step % AVERAGE_EVERY == 0:
                self.average.update(self.network)
            now = time.monotonic()
            if self.step % options.log_every == 0:
                self._log(progress, torch.stack(recent).mean(0).tolist(), (self.seen - mark[1]) / (now - mark[0]))
                recent, mark = [], (now, self.seen)
            if now - saved > options.save_minutes * 60:
                saved = now
                self.save(self.used + now - start)
        self.used += now - start
        self.save(self.used)
        self._finish()

    def _log(self, progress, losses, rate):
        parts = " ".join(f"{name} {loss:.3f}" for name, loss in zip(NAMES, losses))
        seen = f"{self.seen / 1e6:.2f}M tokens {rate / 1e3:.1f}k/s"
        print(f"step {self.step} {100 * progress:.1f}% {seen} {parts}", flush=True)

    def _finish(self):
        """Writes the average of the weights, the last of them, and how they were made."""
        last, config = self.network.state_dict(), self.network.config
        torch.save({"network": last, "config": config}, self.out / LAST)
        torch.save({"network": self.average.weights or last, "config": config}, self.out / FINAL)
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
            # Names only: a card does not tell folders.
            "began_with": [path.name for path in self.began_with],
            "options": {
                **{name: value for name, value in vars(self.options).items() if name in RECORDED},
                **config,
                **self.rates,
            },
        }
        (self.out / RECORD).write_text(json.dumps(record, indent=1) + "\n")
        print(f"trained {self.step} steps, {self.seen / 1e6:.1f}M tokens in {self.used:.0f} s", flush=True)
