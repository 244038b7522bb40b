import { describe, expect, test } from 'vitest';
import { decodeSequence, mergeWindowScores } from '../../../server/src/core/tasks/textClassification';

const rounded = (scores: readonly number[]) => scores.map((score) => Number(score.toFixed(6)));

describe('decodeSequence', () => {
  test.each([
    ['softmax of several labels', [Math.log(1), Math.log(2), Math.log(5)], undefined, [0.125, 0.25, 0.625]],
    ['softmax of huge logits', [1e30, -1e30], undefined, [1, 0]],
    ['sigmoid of a single label, whatever it says', [3], 'single_label_classification', [0.952574]],
    ['sigmoid of one label', [0], undefined, [0.5]],
    [
      'sigmoid of independent labels',
      [0, Math.log(3), -Math.log(3)],
      'multi_label_classification',
      [0.5, 0.75, 0.25],
    ],
    ['sigmoid of huge logits', [1e30, -1e30], 'multi_label_classification', [1, 0]],
    ['identity of a regression', [-2.5], 'regression', [-2.5]],
    ['no head', [], undefined, []],
  ] as const)('%s', (_, logits, problem, expected) => {
    expect(rounded(decodeSequence(Float32Array.from(logits), problem))).toEqual(expected);
  });
});

describe('mergeWindowScores', () => {
  test.each([
    ['no window', [], [], []],
    ['one window, even an empty one', [[0.25, 0.75]], [0], [0.25, 0.75]],
    [
      'several windows by their weights',
      [
        [1, 0],
        [0, 1],
      ],
      [3, 1],
      [0.75, 0.25],
    ],
    ['windows of a model without a head', [[], []], [3, 1], []],
  ])('%s', (_, windows, weights, expected) => {
    expect(mergeWindowScores(windows, weights)).toEqual(expected);
  });
});
