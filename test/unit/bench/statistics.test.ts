import { expect, test } from 'vitest';
import { median, percentile } from '../../bench/support/statistics';

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([5])).toBe(5);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 7])).toBe(6);
  expect(median([])).toBeNaN();
});

test('a percentile is one of the values', () => {
  const values = [20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  expect([0, 0.05, 0.5, 0.95, 1].map((p) => percentile(values, p))).toEqual([1, 1, 10, 19, 20]);
});
