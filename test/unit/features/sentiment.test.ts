import { expect, test } from 'vitest';
import { sentimentOf, toDecimal, toSigned } from '../../../server/src/features/sentiment';

const judge = (sentiment: readonly number[], model: Parameters<typeof sentimentOf>[1]) =>
  sentimentOf({ mentions: [], sentiment }, model);

test('the most probable label', () => {
  const stars = { sentimentLabels: ['1 star', '2 stars', '3 stars'] };
  expect(judge([0.2, 0.5, 0.3], stars)).toEqual({ label: '2 stars', score: 0.5 });
  expect(judge([], stars)).toBeUndefined();
});

test.each([
  [-7, 'negative', 1],
  [-0.5, 'negative', 0.5],
  [-0.25, 'neutral', 0.25],
  [0, 'neutral', 0],
  [0.5, 'positive', 0.5],
  [1, 'positive', 1],
])('a regression of %d is %s', (value, label, score) => {
  const model = { sentimentLabels: ['LABEL_0'], sentimentProblem: 'regression' } as const;
  expect(judge([value], model)).toEqual({ label, score });
});

test('numbers have a true minus, and nothing has no sign', () => {
  expect([0.947, -0.2, 0, -0.001, 1].map(toSigned)).toEqual(['+0.95', '−0.20', '0.00', '0.00', '+1.00']);
  expect([1234.5, -0.2, -0.001].map(toDecimal)).toEqual(['1234.50', '−0.20', '0.00']);
});
