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

export const batchTokensFor = (threads: number): number =>
  Math.min(defaultBatchTokens, tokensPerThread * threads);

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

/** Pads sequences of ids at the end to the length of the longest. */
export function toEncoderBatch(sequences: readonly (readonly number[])[], padTokenId: number): EncoderBatch {
  const rows = sequences.length;
  const columns = sequences.reduce((longest, ids) => Math.max(longest, ids.length), 0);
  const inputIds = new BigInt64Array(rows * columns).fill(BigInt(padTokenId));
  const attentionMask = new BigInt64Array(rows * columns);
  for (const [row, ids] of sequences.entries()) {
    for (const [column, id] of ids.entries()) inputIds[row * columns + column] = BigInt(id);
    attentionMask.fill(1n, row * columns, row * columns + ids.length);
  }
  return { rows, columns, inputIds, attentionMask };
}
