import type { EncoderBatch } from '../core/ports';

/** The shape that a graph was exported for, where it was not left open. */
export interface FixedShape {
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
}

/**
 * Cuts and pads a batch to the shape that a graph takes. Rows that are added hold one token of padding that is
 * attended to, so that no softmax is over nothing.
 *
 * @param batch not wider than the shape.
 */
export function fitBatch(
  batch: EncoderBatch,
  shape: FixedShape,
  padTokenId: number,
): readonly EncoderBatch[] {
  const { rows = batch.rows, columns = batch.columns } = shape;
  const parts: EncoderBatch[] = [];
  for (let first = 0; first < batch.rows; first += rows) {
    const inputIds = new BigInt64Array(rows * columns).fill(BigInt(padTokenId));
    const attentionMask = new BigInt64Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const from = (first + row) * batch.columns;
      if (first + row >= batch.rows) {
        attentionMask[row * columns] = 1n;
        continue;
      }
      inputIds.set(batch.inputIds.subarray(from, from + batch.columns), row * columns);
      attentionMask.set(batch.attentionMask.subarray(from, from + batch.columns), row * columns);
    }
    parts.push({ rows, columns, inputIds, attentionMask });
  }
  return parts;
}

/**
 * What an output would be had the graph taken the whole batch.
 *
 * @param parts the output for each of the batches that {@link fitBatch} made of `batch`.
 * @param fitted the shape of these batches.
 * @param width numbers a token, or a row where the output is one a row.
 */
export function joinOutputs(
  parts: readonly Float32Array[],
  batch: Pick<EncoderBatch, 'rows' | 'columns'>,
  fitted: Pick<EncoderBatch, 'rows' | 'columns'>,
  width: number,
  isPerToken: boolean,
): Float32Array {
  const stride = (isPerToken ? fitted.columns : 1) * width;
  const length = (isPerToken ? batch.columns : 1) * width;
  const joined = new Float32Array(batch.rows * length);
  for (let row = 0; row < batch.rows; row++) {
    const from = (row % fitted.rows) * stride;
    const part = parts[Math.floor(row / fitted.rows)];
    if (part) joined.set(part.subarray(from, from + length), row * length);
  }
  return joined;
}
