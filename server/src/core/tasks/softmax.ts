/**
 * Softmax of `count` logits from `offset` on, in double precision and shifted by the largest one, so that
 * nothing overflows.
 */
export function softmax(logits: ArrayLike<number>, offset = 0, count = logits.length - offset): Float64Array {
  const scores = new Float64Array(count);
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) largest = Math.max(largest, logits[offset + i] ?? Number.NaN);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const exponential = Math.exp((logits[offset + i] ?? Number.NaN) - largest);
    scores[i] = exponential;
    sum += exponential;
  }
  for (let i = 0; i < count; i++) scores[i] = (scores[i] ?? 0) / sum;
  return scores;
}

/** Index of the largest value, the first one among equals; 0 of an empty array. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) {
    if ((values[i] ?? Number.NaN) > (values[best] ?? Number.NaN)) best = i;
  }
  return best;
}
