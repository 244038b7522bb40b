import { expect, it } from 'vitest';
import { withMaskToken } from '../../../server/src/core/text/maskTokens';

it('puts the mask token of the model in the place of either', () => {
  expect(withMaskToken('😀 <mask> and [MASK]', '[MASK]')).toEqual({
    text: '😀 [MASK] and [MASK]',
    masks: [
      { inText: { start: 3, end: 9 }, given: { start: 3, end: 9 } },
      { inText: { start: 14, end: 20 }, given: { start: 14, end: 20 } },
    ],
  });
  expect(withMaskToken('[MASK][MASK]。', '<mask>')).toEqual({
    text: '<mask><mask>。',
    masks: [
      { inText: { start: 0, end: 6 }, given: { start: 0, end: 6 } },
      { inText: { start: 6, end: 12 }, given: { start: 6, end: 12 } },
    ],
  });
  expect(withMaskToken('a [MASK] b <mask>', 'X').masks.map(({ inText }) => inText)).toEqual([
    { start: 2, end: 3 },
    { start: 6, end: 7 },
  ]);
  expect(withMaskToken('[mask]', 'X')).toEqual({ text: '[mask]', masks: [] });
});
