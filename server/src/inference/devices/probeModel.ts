import { planBatches, toEncoderBatch } from '../../core/batches';
import type { ModelDescription } from '../../core/model';
import { type EncoderBatch, EngineError, type ModelRunner, type Tokenizer } from '../../core/ports';
import { softmax } from '../../core/tasks/softmax';
import { decodeSequence } from '../../core/tasks/textClassification';
import { probeTexts } from './probeTexts';

/** Copies of the texts that fill the largest batches of the engine. */
const copies = 4;
/** Long enough to even out the clock, short enough to wait for. */
const measuredMilliseconds = 1_000;

export interface ProbeResult {
  /** Without padding, once everything is warm. */
  readonly tokensPerSecond: number;
  /** What the model's heads say of the texts; the order depends on nothing but the model. */
  readonly probabilities: Float32Array;
}

export interface ProbeOptions {
  readonly model: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly runner: ModelRunner;
  /** How the engine makes batches on the device. */
  readonly shapes: { readonly batchTokens: number; readonly roundShapes: boolean };
  /** Milliseconds. */
  readonly now: () => number;
}

/** Runs a model as the engine does and keeps what came out, to be compared with another device. */
export async function probeModel(options: ProbeOptions): Promise<ProbeResult> {
  const { model, tokenizer } = options;
  const encodings = await tokenizer.encode(probeTexts);
  const sequences = encodings.map(({ ids }) => ids.slice(0, model.maxTokens));
  const probe = new Probe(options);
  return {
    probabilities: await probe.probabilities(sequences),
    tokensPerSecond: await probe.speed(sequences),
  };
}

type Sequences = readonly (readonly number[])[];

class Probe {
  readonly #options: ProbeOptions;

  constructor(options: ProbeOptions) {
    this.#options = options;
  }

  async probabilities(sequences: Sequences): Promise<Float32Array> {
    const { model } = this.#options;
    const all: number[] = [];
    for (const chosen of this.#plan(sequences)) all.push(...(await this.#runHeads(chosen)));
    if (model.tasks.includes('fillMask')) {
      // One number after the other: as many arguments do not fit on the stack.
      for (const one of await this.#fillMask(sequences[0] ?? [])) all.push(one);
    }
    return Float32Array.from(all);
  }

  async speed(sequences: Sequences): Promise<number> {
    const once = this.#plan(sequences);
    const first = await this.#time(once, 1);
    // A device that is so slow needs no more work to be judged.
    if (first.milliseconds >= measuredMilliseconds) return first.tokensPerSecond;
    const workload = this.#plan(Array.from({ length: copies }, () => sequences).flat());
    const warm = await this.#time(workload, 1);
    return (await this.#time(workload, Math.ceil(measuredMilliseconds / warm.milliseconds))).tokensPerSecond;
  }

  async #time(batches: readonly Sequences[], rounds: number) {
    const { now } = this.#options;
    const start = now();
    for (let round = 0; round < rounds; round++) for (const chosen of batches) await this.#run(chosen);
    const milliseconds = now() - start;
    const tokens = rounds * batches.flat().reduce((sum, ids) => sum + ids.length, 0);
    return { milliseconds, tokensPerSecond: (tokens / milliseconds) * 1_000 };
  }

  /** The encoder with whatever head there is. */
  async #run(chosen: Sequences): Promise<void> {
    const { model, runner } = this.#options;
    const batch = this.#toBatch(chosen);
    if (model.tokenLabels.length + model.sentimentLabels.length > 0) await runner.run(batch);
    else await runner.runMasks(batch, [{ row: 0, column: 0 }]);
  }

  async #runHeads(chosen: Sequences): Promise<readonly number[]> {
    const { model, runner } = this.#options;
    const batch = this.#toBatch(chosen);
    const { tokenLogits, sequenceLogits } = await runner.run(batch);
    const labels = model.tokenLabels.length;
    const classes = model.sentimentLabels.length;
    return chosen.flatMap((ids, row) => [
      ...(tokenLogits ? ids : []).flatMap((_, column) => [
        ...softmax(tokenLogits ?? [], (row * batch.columns + column) * labels, labels),
      ]),
      ...(sequenceLogits
        ? decodeSequence(sequenceLogits.subarray(row * classes, (row + 1) * classes), model.sentimentProblem)
        : []),
    ]);
  }

  /** Masks the token in the middle. */
  async #fillMask(ids: readonly number[]): Promise<Float64Array> {
    const { model, tokenizer, runner } = this.#options;
    const maskId = tokenizer.tokenToId(model.maskToken);
    if (maskId === undefined) throw new EngineError(`The tokenizer has no ${model.maskToken}.`);
    const column = ids.length >> 1;
    return softmax(await runner.runMasks(this.#toBatch([ids.with(column, maskId)]), [{ row: 0, column }]));
  }

  #plan(sequences: Sequences): readonly Sequences[] {
    const lengths = sequences.map(({ length }) => length);
    return planBatches(lengths, this.#options.shapes.batchTokens).map((batch) =>
      batch.flatMap((i) => [sequences[i] ?? []]),
    );
  }

  #toBatch(sequences: Sequences): EncoderBatch {
    const { model, shapes } = this.#options;
    return toEncoderBatch(sequences, model.padTokenId, shapes.roundShapes ? model.maxTokens : undefined);
  }
}
