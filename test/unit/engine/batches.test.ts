import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBatches, toEncoderBatch } from '../../../server/src/core/batches';

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
