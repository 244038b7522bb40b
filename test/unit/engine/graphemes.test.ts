import { expect, test } from 'vitest';
import { extendToGraphemes } from '../../../server/src/core/tokenizer/graphemes';

const mention = (start: number, end: number) => ({ type: 'LOC', score: 0.5, start, end });

test.each([
  ['nothing follows', 'Paris', [[0, 5]], [[0, 5]]],
  ['a letter follows', 'Pariser', [[0, 5]], [[0, 5]]],
  ['a CJK character follows', '東京都', [[0, 2]], [[0, 2]]],
  ['a trailing combining mark was left out', 'Rene\u0301 ist', [[0, 4]], [[0, 5]]],
  ['several marks were left out', 'Hoa\u0302\u0301', [[0, 3]], [[0, 5]]],
  ['a Devanagari vowel sign was left out', 'दिल्ली', [[0, 5]], [[0, 6]]],
  ['an emoji sequence was cut', '👩‍👧 x', [[0, 2]], [[0, 5]]],
  ['a skin tone was left out', '👍🏽', [[0, 2]], [[0, 4]]],
  [
    'the next mention has the mark',
    'e\u0301',
    [
      [0, 1],
      [1, 2],
    ],
    [
      [0, 1],
      [1, 2],
    ],
  ],
  ['a mark stands at the start of the text', '\u0301a', [[0, 0]], [[0, 0]]],
  ['a mark stands alone after a line break', 'a\n\u0301', [[0, 2]], [[0, 2]]],
  ['there is no mention', 'e\u0301', [], []],
] as const)('%s', (_, text, spans, expected) => {
  const mentions = spans.map(([start, end]) => mention(start, end));
  expect(extendToGraphemes(mentions, text)).toEqual(expected.map(([start, end]) => mention(start, end)));
});
