import { expect, it } from 'vitest';
import { findMaskTokens, maskTokenAt } from '../../../server/src/core/text/maskTokens';

it('finds mask tokens where they stand', () => {
  expect(findMaskTokens('🗼 [MASK] is <mask>.[mask] <MASK> [MASK]')).toEqual([
    { start: 3, end: 9 },
    { start: 13, end: 19 },
    { start: 34, end: 40 },
  ]);
  expect(findMaskTokens('')).toEqual([]);
});

it('knows a mask token by its start', () => {
  const text = 'a [MASK] <mask>';
  expect([0, 2, 3, 9].map((offset) => maskTokenAt(text, offset))).toEqual([
    undefined,
    '[MASK]',
    undefined,
    '<mask>',
  ]);
});
