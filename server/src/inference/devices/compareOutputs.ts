import type { Precision } from '../../core/model';

/**
 * Largest difference of a probability from the processor's with the same graph file. Graphics processors multiply
 * numbers of 32 bits with as few as 10 bits of mantissa, and half precision keeps sums in as few, too; both are far
 * from what moves a result that a user sees, while a wrong kernel is off by tenths.
 */
const tolerances: Readonly<Record<Precision, number>> = { fp32: 0.005, fp16: 0.02, int8: 0.02 };

/** For graphs of unknown precision, the widest. */
const otherwise = 0.02;

/** The largest difference; infinite where something is missing or no number. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length || expected.length === 0) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, difference);
  }
  return largest;
}

export const agrees = (difference: number, precision: Precision | undefined): boolean =>
  difference <= (precision ? tolerances[precision] : otherwise);
