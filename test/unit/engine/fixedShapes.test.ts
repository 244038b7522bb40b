import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toEncoderBatch } from '../../../server/src/core/batches';
import { fitBatch, joinOutputs } from '../../../server/src/inference/fixedShapes';

const batch = toEncoderBatch([[5, 6, 7], [8], [9, 9]], 0);

test('rows and columns are filled up, and rows that are added attend to one token', () => {
  const parts = fitBatch(batch, { rows: 2, columns: 4 }, 1).map((part) => ({
    ...part,
    inputIds: [...part.inputIds].join(' '),
    attentionMask: [...part.attentionMask].join(' '),
  }));
  expect(parts).toEqual([
    { rows: 2, columns: 4, inputIds: '5 6 7 1 8 0 0 1', attentionMask: '1 1 1 0 1 0 0 0' },
    { rows: 2, columns: 4, inputIds: '9 9 0 1 1 1 1 1', attentionMask: '1 1 0 0 1 0 0 0' },
  ]);
});

test('an open dimension stays as it is', () => {
  expect(fitBatch(batch, { columns: 5 }, 0).map(({ rows, columns }) => [rows, columns])).toEqual([[3, 5]]);
  expect(fitBatch(batch, { rows: 1 }, 0).map(({ rows, columns }) => [rows, columns])).toEqual([
    [1, 3],
    [1, 3],
    [1, 3],
  ]);
});

test('outputs are joined as if the whole batch had been run', () => {
  const count = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(count, count, count, count, (rows, columns, fixedRows, surplus) => {
      const ids = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, i) => row * 10 + i),
      );
      const whole = toEncoderBatch(ids, 0);
      const shape = { rows: fixedRows, columns: columns + surplus };
      const parts = fitBatch(whole, shape, 99);
      const perToken = parts.map(({ inputIds }) => Float32Array.from(inputIds, Number));
      expect([...joinOutputs(perToken, whole, shape, 1, true)]).toEqual(ids.flat());
      const perRow = parts.map(({ inputIds }) =>
        Float32Array.from({ length: fixedRows }, (_, row) => Number(inputIds[row * shape.columns])),
      );
      expect([...joinOutputs(perRow, whole, shape, 1, false)]).toEqual(ids.map(([first]) => first));
    }),
  );
});
