import { planBatches, toEncoderBatch } from '../../core/batches';
import type { ModelDescription } from '../../core/model';
import { type EncoderBatch, EngineError, type ModelRunner, type Tokenizer } from '../../core/ports';
import { softmax } from '../../core/tasks/softmax';
import { decodeSequence } from '../../core/tasks/textClassification';
import { probeTexts } from './probeTexts';

/** Copies of the texts in a workload, so that the largest batches of the engine are filled. */
const copies = 4;
/** Long enough to even out the clock, short enough to wait for. */
const measuredMilliseconds = 1_000;

export interface ProbeResult {
  /** Without padding, once everything is warm. */
  readonly tokensPerSecond: number;
  /** What the model's heads say of the texts; the order depends on nothing but the model. */
  readonly probabilities: Float32Array;
}

type Sequences = readonly (readonly number[])[];

/** How the engine makes batches on the device. */
export interface ProbeShapes {
  readonly batchTokens: number;
  readonly roundShapes: boolean;
}

/** Runs a model as the engine does and keeps what came out, to be compared with another device. */
export async function probeModel(
  model: ModelDescription,
  tokenizer: Tokenizer,
  runner: ModelRunner,
  shapes: ProbeShapes,
  now: () => number,
): Promise<ProbeResult> {
  const encodings = await tokenizer.encode(probeTexts);
  const sequences = encodings.map(({ ids }) => ids.slice(0, model.maxTokens));
  const toBatch = (chosen: Sequences) =>
    toEncoderBatch(chosen, model.padTokenId, shapes.roundShapes ? model.maxTokens : undefined);
  const batchesOf = (all: Sequences) =>
    planBatches(
      all.map(({ length }) => length),
      shapes.batchTokens,
    ).map((batch) => batch.flatMap((i) => [all[i] ?? []]));

  const probabilities: number[] = [];
  for (const chosen of batchesOf(sequences)) {
    // One number after the other: two arguments each would not fit on the stack.
    for (const one of await runHeads(model, runner, toBatch(chosen), chosen)) probabilities.push(one);
  }
  if (model.tasks.includes('fillMask')) {
    for (const one of await runMask(model, tokenizer, runner, toBatch, sequences[0] ?? [])) {
      probabilities.push(one);
    }
  }

  const workload = batchesOf(Array.from({ length: copies }, () => sequences).flat());
  for (const chosen of workload) await runner.run(toBatch(chosen));
  const start = now();
  let tokens = 0;
  for (let i = 0; now() - start < measuredMilliseconds; i++) {
    const chosen = workload[i % workload.length] ?? [];
    await runner.run(toBatch(chosen));
    tokens += chosen.reduce((sum, ids) => sum + ids.length, 0);
  }
  return {
    tokensPerSecond: (tokens / (now() - start)) * 1_000,
    probabilities: Float32Array.from(probabilities),
  };
}

async function runHeads(
  model: ModelDescription,
  runner: ModelRunner,
  batch: EncoderBatch,
  sequences: Sequences,
): Promise<readonly number[]> {
  const { tokenLogits, sequenceLogits } = await runner.run(batch);
  const probabilities: number[] = [];
  for (const [row, ids] of sequences.entries()) {
    const labels = model.tokenLabels.length;
    for (let column = 0; tokenLogits && column < ids.length; column++) {
      probabilities.push(...softmax(tokenLogits, (row * batch.columns + column) * labels, labels));
    }
    const classes = model.sentimentLabels.length;
    if (sequenceLogits) {
      const logits = sequenceLogits.subarray(row * classes, (row + 1) * classes);
      probabilities.push(...decodeSequence(logits, model.sentimentProblem));
    }
  }
  return probabilities;
}

/** Masks the token in the middle. */
async function runMask(
  model: ModelDescription,
  tokenizer: Tokenizer,
  runner: ModelRunner,
  toBatch: (sequences: Sequences) => EncoderBatch,
  ids: readonly number[],
): Promise<Float64Array> {
  const maskId = tokenizer.tokenToId(model.maskToken);
  if (maskId === undefined) throw new EngineError(`The tokenizer has no ${model.maskToken}.`);
  const column = ids.length >> 1;
  const logits = await runner.runMasks(toBatch([ids.with(column, maskId)]), [{ row: 0, column }]);
  return softmax(logits);
}
