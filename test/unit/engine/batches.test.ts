import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches, toBucket, toEncoderBatch } from '../../../server/src/core/batches';

test.each([
  ['nothing', [], []],
  ['one that is over the budget', [50], [[0]]],
  [
    'similar lengths together, longest first',
    [2, 10, 3, 10, 2],
    [
      [1, 3],
      [2, 0, 4],
    ],
  ],
])('planBatches: %s', (_, lengths, expected) => {
  expect(planBatches(lengths, 20)).toEqual(expected);
});

test('every sequence is in one batch, and a batch of several keeps to the budget', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(130)), fc.integer({ min: 1, max: 1024 }), (lengths, budget) => {
      const batches = planBatches(lengths, budget);
      expect(batches.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
      for (const batch of batches) {
        const columns = Math.max(...batch.map((i) => lengths[i] ?? 0));
        if (batch.length > 1) expect(batch.length * columns).toBeLessThanOrEqual(budget);
      }
    }),
  );
});

test('toEncoderBatch pads at the end', () => {
  expect(toEncoderBatch([[5, 6, 7], [8]], 9)).toEqual({
    rows: 2,
    columns: 3,
    inputIds: BigInt64Array.of(5n, 6n, 7n, 8n, 9n, 9n),
    attentionMask: BigInt64Array.of(1n, 1n, 1n, 1n, 0n, 0n),
  });
});

test('buckets grow by half and by a third in turn', () => {
  const counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 17, 25, 33, 512];
  expect(counts.map(toBucket)).toEqual([1, 1, 2, 3, 4, 6, 6, 8, 8, 12, 12, 16, 24, 32, 48, 512]);
});

test('toEncoderBatch rounds its shape where a limit is given', () => {
  const shapes = [[1], [9, 2, 3, 4, 5], [20, 1, 1], [21]].map((lengths) => {
    const sequences = lengths.map((length) => new Array<number>(length).fill(5));
    const { rows, columns, attentionMask } = toEncoderBatch(sequences, 0, 20);
    const attended = Array.from({ length: rows }, (_, row) =>
      attentionMask.subarray(row * columns, (row + 1) * columns).reduce((sum, one) => sum + Number(one), 0),
    );
    return { rows, columns, attended };
  });
  expect(shapes).toEqual([
    { rows: 1, columns: 8, attended: [1] },
    { rows: 6, columns: 12, attended: [9, 2, 3, 4, 5, 1] },
    { rows: 3, columns: 20, attended: [20, 1, 1] },
    { rows: 1, columns: 21, attended: [21] },
  ]);
});
