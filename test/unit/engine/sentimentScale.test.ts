import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toSentimentScale } from '../../../server/src/core/tasks/sentimentScale';
import type { ProblemType } from '../../../server/src/core/tasks/textClassification';

const round = (value: number | undefined) => value && Number(value.toFixed(6));
const place = (labels: readonly string[], scores: readonly number[], problem?: ProblemType) => {
  const scale = toSentimentScale(labels, problem);
  return scale && [round(scale.value(scores)), round(scale.negative(scores))];
};

describe('one label out of several', () => {
  test.each<[string, string[], number[], [number, number]]>([
    ['three', ['negative', 'neutral', 'positive'], [0.2, 0.3, 0.5], [0.3, 0.2]],
    ['in another order', ['POS', 'NEU', 'NEG'], [0.2, 0.3, 0.5], [-0.3, 0.5]],
    ['two', ['NEGATIVE', 'POSITIVE'], [0.9, 0.1], [-0.8, 0.9]],
    ['stars', ['1 star', '2 stars', '3 stars', '4 stars', '5 stars'], [0.1, 0.2, 0.1, 0.2, 0.4], [0.3, 0.3]],
    ['stars as numbers', ['1', '2', '3', '4', '5'], [1, 0, 0, 0, 0], [-1, 1]],
    [
      'graded',
      ['Very Negative', 'Negative', 'Neutral', 'Positive', 'Very Positive'],
      [0, 0.5, 0.25, 0, 0.25],
      [0, 0.5],
    ],
    ['two without names', ['LABEL_0', 'LABEL_1'], [0.75, 0.25], [-0.5, 0.75]],
    ['three without names', ['LABEL_0', 'LABEL_1', 'LABEL_2'], [0.5, 0.5, 0], [-0.5, 0.5]],
    ['numbers', ['0', '1'], [0, 1], [1, 0]],
    ['Chinese', ['负面', '中性', '正面'], [0.5, 0.25, 0.25], [-0.25, 0.5]],
    ['Japanese', ['ポジティブ', 'ネガティブ'], [1, 0], [1, 0]],
    ['German', ['negativ', 'neutral', 'positiv'], [0, 1, 0], [0, 0]],
    ['half-width kana', ['ﾎﾟｼﾞﾃｨﾌﾞ', 'ﾈｶﾞﾃｨﾌﾞ'], [0, 1], [-1, 1]],
    ['emotions', ['anger', 'fear', 'joy', 'surprise'], [0.25, 0.25, 0.25, 0.25], [-0.25, 0.5]],
  ])('%s', (_, labels, scores, expected) => {
    expect(place(labels, scores)).toEqual(expected);
  });
});

describe('other kinds of scores', () => {
  test.each<[string, string[], number[], ProblemType | undefined, [number, number]]>([
    [
      'independent',
      ['joy', 'love', 'anger', 'curiosity'],
      [0.9, 0.8, 0.3, 1],
      'multi_label_classification',
      [0.6, 0.3],
    ],
    ['a single positive one', ['positive'], [0.75], undefined, [0.5, 0.25]],
    ['a single negative one', ['negative'], [0.75], undefined, [-0.5, 0.75]],
    ['a regression', ['LABEL_0'], [-0.5], 'regression', [-0.5, 0.5]],
    ['a regression of a larger range', ['score'], [4], 'regression', [1, 0]],
  ])('%s', (_, labels, scores, problem, expected) => {
    expect(place(labels, scores, problem)).toEqual(expected);
  });
});

test.each<[string, string[], ProblemType | undefined]>([
  ['nothing known', ['spam', 'ham'], undefined],
  ['one pole', ['hate', 'other'], undefined],
  ['a number of classes that may mean anything', ['LABEL_0', 'LABEL_1', 'LABEL_2', 'LABEL_3'], undefined],
  ['a single label of unknown meaning', ['LABEL_0'], undefined],
  ['several numbers', ['x', 'y'], 'regression'],
  ['no labels', [], undefined],
])('%s has no scale', (_, labels, problem) => {
  expect(toSentimentScale(labels, problem)).toBeUndefined();
});

test('never leaves the scale', () => {
  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  const labels = ['neg', 'neu', 'pos'];
  fc.assert(
    fc.property(scores, fc.constantFrom('multi_label_classification', undefined), (raw, problem) => {
      const sum = raw.reduce((a, b) => a + b, 0) || 1;
      const [value = 2, negative = 2] =
        place(labels, problem ? raw : raw.map((one) => one / sum), problem) ?? [];
      return Math.abs(value) <= 1 && negative >= 0 && negative <= 1;
    }),
  );
});
