import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMask } from '../../../server/src/core/tasks/fillMask';

const logits = Float32Array.from([0.1, 0.2, 0.3, 0.4, 0.25, 0.25, 0.25, 0.25], Math.log);
const decode = (...args: [row: number, topK: number, targets?: readonly number[]]) =>
  decodeMask(logits, args[0], 4, args[1], args[2] && ((id) => args[2]?.includes(id) ?? false)).map(
    ({ tokenId, score }) => `${tokenId}: ${score.toFixed(4)}`,
  );

test.each([
  ['the best first', [0, 2], ['3: 0.4000', '2: 0.3000']],
  ['equal scores in order of their ids', [1, 3], ['0: 0.2500', '1: 0.2500', '2: 0.2500']],
  ['no more than there are', [0, 9], ['3: 0.4000', '2: 0.3000', '1: 0.2000', '0: 0.1000']],
  ['none', [0, 0], []],
  ['targets only, not renormalised', [0, 5, [2, 0]], ['2: 0.3000', '0: 0.1000']],
  ['targets of equal scores in order of their ids', [1, 5, [3, 1]], ['1: 0.2500', '3: 0.2500']],
  ['the best of the targets', [0, 1, [0, 1]], ['1: 0.2000']],
] as const)('%s', (_, args, expected) => {
  expect(decode(...(args as unknown as Parameters<typeof decode>))).toEqual(expected);
});

test('finds what sorting the whole vocabulary finds', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (values, topK) => {
        const sorted = values
          .map((value, id) => ({ value, id }))
          .sort((a, b) => b.value - a.value || a.id - b.id);
        const found = decodeMask(Float32Array.from(values), 0, values.length, topK);
        expect(found.map(({ tokenId }) => tokenId)).toEqual(sorted.slice(0, topK).map(({ id }) => id));
      },
    ),
  );
});
