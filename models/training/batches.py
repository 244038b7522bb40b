"""Draws training batches of static shapes on the device that trains."""

import numpy as np
import torch
import torch.nn.functional as F
from corpus import IGNORED
from wordpieces import CLS, MASK, PAD, SEP, SPACE, SPECIAL

MASKED_SHARE = 0.15
# Words of scripts without spaces (kana) can be long runs; no more pieces than this are masked together.
MAX_WORD_PIECES = 4
# Of the shares of tokens, for all buckets together that have few labelled rows: raw text is as good in any.
LEAST_BUCKET_SHARES = 0.3
TASKS = ("ner", "sentiment")
# So that the sentence vectors of paragraphs are learned too, a share of the steps has longer rows than labelled ones
# are: a row of each task, and raw text.
LONG, LONG_SHARE = 256, 0.08
# Sentence vectors are distilled on the rows of sentiment, and on raw ones: at most this share of a step's rows. Where the
# rows are not much longer than questions, these are a share of them.
DISTILLED_RAW = 0.3
QUESTIONS_SHARE, MOST_FOR_QUESTIONS = 0.10, 48


class Labelled:
    """Rows of one task in one bucket, drawn in proportion to their weights."""

    def __init__(self, arrays, prefix, length, device):
        self.ids = torch.from_numpy(arrays[f"{prefix}_ids_{length}"]).to(device)
        self.targets = torch.from_numpy(arrays[f"{prefix}_targets_{length}"]).to(device)
        weights = arrays[f"{prefix}_weights_{length}"].astype(np.float64)
        self.mass = float(weights.sum())
        self._cumulative = torch.from_numpy(np.cumsum(weights / self.mass)).to(device)

    def draw(self, count, generator):
        chance = torch.rand(count, generator=generator, device=self.ids.device, dtype=torch.float64)
        rows = torch.searchsorted(self._cumulative, chance).clamp(max=len(self.ids) - 1)
        return self.ids[rows].long(), self.targets[rows].long()


def bucket_lengths(names):
    """Lengths of the buckets that have rows of both tasks."""
    of_task = [{int(name.removeprefix(f"{task}_ids_")) for name in names if f"{task}_ids_" in name} for task in TASKS]
    return sorted(set.intersection(*of_task))


def fill_up(rows, length, value=PAD):
    return F.pad(rows, (0, length - rows.shape[1]), value=value)


class Batches:
    """Everything lies on the device, so that the host does next to nothing a step."""

    def __init__(self, packed, tokenizer, options, device, seed):
        arrays = np.load(packed)
        self._device, self._options = device, options
        self.lengths = bucket_lengths(arrays.files)
        self._tasks = {
            length: [Labelled(arrays, prefix, length, device) for prefix in TASKS] for length in self.lengths
        }
        self._questions = torch.from_numpy(arrays["questions"]).to(device)
        names = sorted(name for name in arrays.files if name.startswith("raw_"))
        self._streams = [torch.from_numpy(arrays[name]).to(device) for name in names]
        sizes = np.array([len(stream) for stream in self._streams], np.float64)
        self.raw_tokens = int(sizes.sum())
        self._raw_shares = sizes**options.temper / (sizes**options.temper).sum()
        self._bucket_shares = self._share_buckets()
        self.vocabulary = tokenizer.get_vocab_size()
        pieces = [tokenizer.id_to_token(i) for i in range(self.vocabulary)]
        self._continues = torch.tensor([not piece.startswith(SPACE) for piece in pieces], device=device)
        self._host = np.random.default_rng(seed)
        self._generator = torch.Generator(device=device).manual_seed(seed)

    def _share_buckets(self):
        # A step of short rows has more of them; so a bucket's share of the steps is that of its tokens.
        mass = np.array([self._tasks[length][0].mass * length for length in self.lengths])
        mass = np.maximum(mass / mass.sum(), LEAST_BUCKET_SHARES / len(mass))
        return mass / mass.sum()

    def state(self):
        return {"host": self._host.bit_generator.state, "device": self._generator.get_state().cpu()}

    def restore(self, state):
        self._host.bit_generator.state = state["host"]
        self._generator.set_state(state["device"].cpu())

    def draw(self, shares, mask_tasks):
        """One step's rows: entities first, then sentiment, then raw text, its questions first.

        `shares` of the rows are entities and sentiment. `mask_tasks`: whether pieces are masked in those too.
        Gives ids, positions of masked pieces `[rows, masked]`, their targets (IGNORED: none), labels, sentiments, and
        the ids as they were before masking of the rows to distil, which follow those of entities.
        """
        if self._host.random() < LONG_SHARE:
            return self._draw_long(mask_tasks)
        length = int(self._host.choice(self.lengths, p=self._bucket_shares))
        rows = max(8, self._options.tokens // length)
        entities, sentiments = (max(1, int(rows * share)) for share in shares)
        token_ids, labels = self._tasks[length][0].draw(entities, self._generator)
        row_ids, classes = self._tasks[length][1].draw(sentiments, self._generator)
        raw = self._draw_raw(max(1, rows - entities - sentiments), length)
        self._put_questions(raw, rows, length)
        ids = torch.cat([token_ids, row_ids, raw])
        clean = 0 if mask_tasks else entities + sentiments
        distilled = ids[entities : entities + sentiments + min(len(raw), int(rows * DISTILLED_RAW))]
        return (*self._mask(ids, clean), labels, classes, distilled)

    def _draw_long(self, mask_tasks):
        short = self.lengths[-1]
        long = max(LONG, short)
        (token_ids, labels), (row_ids, classes) = (task.draw(1, self._generator) for task in self._tasks[short])
        raw = self._draw_raw(max(6, self._options.tokens // long - 2), long)
        ids = torch.cat([fill_up(token_ids, long), fill_up(row_ids, long), raw])
        return (*self._mask(ids, 0 if mask_tasks else 2), fill_up(labels, long, IGNORED), classes, ids[1:])

    def _put_questions(self, raw, rows, length):
        """Questions in the place of the first raw rows; at least one of these stays."""
        if length <= MOST_FOR_QUESTIONS and len(self._questions):
            count = min(len(raw) - 1, int(rows * QUESTIONS_SHARE))
            chosen = (self._random(count) * len(self._questions)).long()
            raw[:count] = fill_up(self._questions[chosen].long(), length)

    def _draw_raw(self, rows, length):
        windows = []
        for stream, count in zip(self._streams, self._host.multinomial(rows, self._raw_shares)):
            if count:
                start = self._random(count) * max(1, len(stream) - length)
                columns = start.long()[:, None] + torch.arange(length, device=self._device)
                window = stream[columns.clamp(max=len(stream) - 1)].long()
                window[:, 0] = CLS
                window[:, -1] = SEP
                windows.append(window)
        # In no order: the first of them make room for questions, and the last are not distilled.
        return torch.cat(windows)[torch.randperm(rows, generator=self._generator, device=self._device)]

    def _mask(self, ids, clean_rows):
        rows, length = ids.shape
        count = max(1, int(MASKED_SHARE * length))
        chance = self._random((rows, length)).gather(1, self._words(ids))
        chance = chance.masked_fill(ids < len(SPECIAL), -1.0)
        chance[:clean_rows] = -1.0
        # Of a short row, the share of its own pieces and not of the padded ones.
        wanted = ((ids != PAD).sum(1, keepdim=True) * MASKED_SHARE).ceil()
        best, positions = chance.topk(count, 1)
        masked = (best >= 0) & (torch.arange(count, device=self._device) < wanted)
        targets = ids.gather(1, positions)
        drawn = self._random(targets.shape)
        other = torch.randint(
            len(SPECIAL), self.vocabulary, targets.shape, generator=self._generator, device=self._device
        )
        shown = torch.where(drawn < 0.8, MASK, torch.where(drawn < 0.9, targets, other))
        masked_ids = ids.scatter(1, positions, torch.where(masked, shown, targets))
        return masked_ids, positions, torch.where(masked, targets, IGNORED)

    def _words(self, ids):
        """Column of the first piece of each piece's word (or of its part of a long one)."""
        columns = torch.arange(ids.shape[1], device=self._device).expand_as(ids)
        first = torch.where(self._continues[ids], 0, columns).cummax(1).values
        return first + (columns - first) // MAX_WORD_PIECES * MAX_WORD_PIECES

    def _random(self, shape):
        shape = shape if isinstance(shape, tuple | torch.Size) else (int(shape),)
        return torch.rand(shape, generator=self._generator, device=self._device)
