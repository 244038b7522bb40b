const sort = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The value below which a share `p` (0…1) of the values lies, by the nearest rank; NaN without values. */
export const percentile = (values: readonly number[], p: number): number =>
  sort(values)[Math.max(0, Math.ceil(p * values.length) - 1)] ?? Number.NaN;

/** The middle value, or the mean of the two in the middle; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = sort(values);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
