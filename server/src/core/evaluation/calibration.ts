import { ratio } from './scores';

/** The usual number of bins, so that figures can be compared with published ones. */
export const CALIBRATION_BINS = 15;

/** An answer: how sure the model was of it, 0…1, and whether it is right. */
export interface Answer {
  readonly confidence: number;
  readonly right: boolean;
}

/**
 * Expected calibration error (Naeini et al. 2015, as Guo et al. 2017 use it): by how much confidence and
 * accuracy differ, as a mean over bins of equal width, each weighted by its answers. A bin includes its upper
 * edge. 0 is perfect, and the error of no answers.
 */
export const calibrationError = (answers: readonly Answer[], bins = CALIBRATION_BINS): number => {
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0 }));
  for (const { confidence, right } of answers) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))];
    if (!bin) continue;
    bin.confidence += confidence;
    if (right) bin.right++;
  }
  const gaps = sums.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0);
  return ratio(gaps, answers.length);
};
