import type { EncoderBatch } from './ports';

/**
 * Padded tokens in a batch, unless said otherwise. Larger ones gain nothing, and a batch cannot be interrupted: it is
 * how long a hover or a keystroke may have to wait.
 *
 * Graphs that quantise activations dynamically take one scale for the whole batch, so with them the neighbours
 * in a batch move the scores of a sentence a little; the bundled one has fixed ranges (models/training). For others
 * a budget of one runs every sequence alone.
 */
export const defaultBatchTokens = 512;

/** A thread alone is as fast with less, and less is padding then; more threads want more to share. */
const tokensPerThread = 256;

/** From this hidden size on, 256 tokens are work enough for two threads: 12 % faster than 512 with BERT's 768. */
const wideHiddenSize = 512;

export const batchTokensFor = (threads: number, hiddenSize: number): number =>
  hiddenSize >= wideHiddenSize && threads <= 2
    ? tokensPerThread
    : Math.min(defaultBatchTokens, tokensPerThread * threads);

/**
 * Padded tokens in a batch on a graphics processor, which wants more work at once than a processor to be busy. Not
 * measured on one; at a trillion operations a second, a slow one, a BERT of twelve layers takes a sixth of a second.
 */
export const gpuBatchTokens = 1_024;

/**
 * Puts sequences of similar length together so that little is padding: longest first, as many a batch as
 * the budget of padded tokens allows, at least one.
 *
 * @param lengths tokens in each sequence.
 * @returns indices into `lengths`; each is in exactly one batch, the longest of a batch first.
 */
export function planBatches(
  lengths: readonly number[],
  budget = defaultBatchTokens,
): readonly (readonly number[])[] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const batches: number[][] = [];
  for (let next = 0; next < order.length; ) {
    const columns = Math.max(1, lengths[order[next] ?? 0] ?? 0);
    const rows = Math.max(1, Math.floor(budget / columns));
    batches.push(order.slice(next, next + rows));
    next += rows;
  }
  return batches;
}

/** Fewer columns gain nothing, and multiples of four let a shader read four numbers at once. */
const fewestColumns = 8;

/**
 * Rounds a count up to 1, 2, 3, 4, 6, 8, 12, 16, 24, … Devices that prepare for each new shape of their input thus
 * see few of them; of a bucket at most a third is padding.
 */
export function toBucket(count: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, count)));
  return power > 2 && count <= power * 0.75 ? power * 0.75 : power;
}

/**
 * Pads sequences of ids at the end to the length of the longest.
 *
 * @param bucketLimit where given, rows and columns are rounded up to buckets, columns to no more than this, which
 * is the model's limit. Rows that are added hold one token of padding that is attended to, so that no softmax is
 * over nothing.
 */
export function toEncoderBatch(
  sequences: readonly (readonly number[])[],
  padTokenId: number,
  bucketLimit?: number,
): EncoderBatch {
  const longest = sequences.reduce((length, ids) => Math.max(length, ids.length), 0);
  const isExact = bucketLimit === undefined;
  const rows = isExact ? sequences.length : toBucket(sequences.length);
  const columns = isExact
    ? longest
    : Math.max(longest, Math.min(toBucket(Math.max(longest, fewestColumns)), bucketLimit));
  const inputIds = new BigInt64Array(rows * columns).fill(BigInt(padTokenId));
  const attentionMask = new BigInt64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const ids = sequences[row] ?? [];
    for (const [column, id] of ids.entries()) inputIds[row * columns + column] = BigInt(id);
    attentionMask.fill(
      1n,
      row * columns,
      row * columns + Math.max(ids.length, row < sequences.length ? 0 : 1),
    );
  }
  return { rows, columns, inputIds, attentionMask };
}
