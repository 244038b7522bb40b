"""The losses of a step: masked words, labels of pieces, sentiment, and sentence vectors after a teacher's."""

import torch
import torch.nn.functional as F
from corpus import IGNORED
from network import lean_layer
from wordpieces import PAD

NAMES = ("mask", "token", "sentiment", "vectors")
# A layer is compiled once a shape: buckets times phases of training, and as many again for the teacher.
COMPILED_SHAPES = 256


def cpu_precision():
    """bfloat16 where the processor multiplies it itself (AVX512-BF16, AMX); elsewhere fp32 is faster."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


def vocabulary_losses(logits, bias, targets, share):
    """Losses of rows of logits, and `share` times their probabilities, in the precision of the logits."""
    precision = logits.dtype
    logits = logits.float() + bias
    most = logits.amax(1, keepdim=True)
    raised = (logits - most).exp()
    total = raised.sum(1, keepdim=True)
    losses = total.log() + most - logits.gather(1, targets[:, None])
    return losses.squeeze(1), (raised * (share / total)).to(precision)


class VocabularyLoss(torch.autograd.Function):
    """Mean cross entropy over the vocabulary, with its gradients made in the forward pass.

    The logits of a step are larger than all else. So they are neither kept for the way back nor seen in fp32.
    """

    @staticmethod
    def forward(context, x, weight, bias, targets, losses_of):
        """`x` `[masked, embedding]`, `weight` `[pieces, embedding]`; `losses_of`: `vocabulary_losses`, or compiled."""
        table = weight.to(x.dtype)
        losses, slope = losses_of(x @ table.T, bias, targets, torch.tensor(1 / len(targets)))
        slope[torch.arange(len(targets)), targets] -= 1 / len(targets)
        context.save_for_backward(slope @ table, slope.T @ x, slope.sum(0, dtype=torch.float32))
        return losses.mean()

    @staticmethod
    def backward(context, upper):
        x, weight, bias = context.saved_tensors
        return (x * upper).to(x.dtype), weight.float() * upper, bias * upper, None, None


def distance(own, teacher):
    """Of sentence vectors: 1 - cosine of their directions, and of those after the batch's mean is taken off.

    All of an encoder's vectors are near each other; what tells texts apart is what is left without the mean.
    """
    centred = F.cosine_similarity(own - own.mean(0), teacher - teacher.mean(0), dim=-1)
    return 2 - F.cosine_similarity(own, teacher, dim=-1).mean() - centred.mean()


class Losses:
    """Called with what `Batches.draw` gives, it gives the losses by NAMES, `[4]`.

    A GPU has bfloat16 by autocast, the fused attention and static shapes, and `compiled` is all of a step. A CPU has
    lean layers, and logits of those positions only that a loss asks for; `compiled` is then a layer, once a shape and
    not once more for each of the others, and the cross entropy over the vocabulary.
    """

    def __init__(self, network, teacher, device, smoothing, compiled):
        self._network, self._teacher, self._device, self._smoothing = network, teacher, device, smoothing
        self._layer, self._vocabulary_losses, self._losses = lean_layer, vocabulary_losses, self._compute
        self._precision = torch.bfloat16 if device == "cuda" else cpu_precision()
        if compiled and device == "cuda":
            self._losses = torch.compile(self._compute, dynamic=False)
        elif compiled:
            torch._dynamo.config.recompile_limit = torch._dynamo.config.accumulated_recompile_limit = COMPILED_SHAPES
            self._layer = torch.compile(lean_layer, dynamic=False)
            self._vocabulary_losses = torch.compile(vocabulary_losses, dynamic=True)

    def __call__(self, *batch):
        if self._device != "cuda":
            return self._losses(*batch)
        with torch.autocast("cuda", dtype=self._precision):
            return self._losses(*batch)

    def _compute(self, ids, positions, targets, labels, classes, distilled):
        network = self._network
        hidden = self._encode(network, ids)
        masked = hidden.gather(1, positions[:, :, None].expand(-1, -1, hidden.shape[-1])).flatten(0, 1)
        entities, sentiments = len(labels), len(classes)
        used = distilled != PAD
        with torch.no_grad():
            aim = self._teacher.sentence(self._teacher.pool(self._encode(self._teacher, distilled), used))
        # The rows to distil follow those of entities.
        own = network.sentence(network.pool(hidden[entities : entities + len(distilled)], used))
        tokens = network.token(self._to_head(hidden[:entities])).flatten(0, 1).float()
        sentiment = network.sentiment(self._to_head(hidden[entities : entities + sentiments])).float()
        return torch.stack([
            self._masked_loss(masked, targets.flatten()),
            F.cross_entropy(tokens, labels.flatten(), ignore_index=IGNORED, label_smoothing=self._smoothing),
            F.cross_entropy(sentiment, classes, label_smoothing=self._smoothing),
            distance(own.float(), aim.float()),
        ])

    def _encode(self, network, ids):
        return network(ids) if self._device == "cuda" else network.lean(ids, self._layer, self._precision)

    def _to_head(self, hidden):
        """The heads are small: without autocast they are in fp32."""
        return hidden if self._device == "cuda" else hidden.float()

    def _masked_loss(self, masked, targets):
        network = self._network
        if self._device == "cuda":
            return F.cross_entropy(network.fill(masked).float(), targets, ignore_index=IGNORED)
        masked, targets = masked[targets >= 0].float(), targets[targets >= 0]
        x = network.prepare_fill(masked).to(self._precision)
        return VocabularyLoss.apply(x, network.words.weight, network.mask_bias, targets, self._vocabulary_losses)
