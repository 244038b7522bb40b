/** How many there are, how many were found, and how many of those found are right. */
export interface Tally {
  readonly annotated: number;
  readonly found: number;
  readonly right: number;
}

/** Each 0…1; what would be a division by zero is 0. */
export interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export const toScores = ({ annotated, found, right }: Tally): Scores => ({
  precision: ratio(right, found),
  recall: ratio(right, annotated),
  // The harmonic mean of the two, without their rounding.
  f1: ratio(2 * right, annotated + found),
});

export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** 0 of no values. */
export const mean = (values: readonly number[]): number =>
  ratio(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

/** The unweighted mean of several scores: each class, or each language, counts the same. */
export const meanScores = (all: readonly Scores[]): Scores => ({
  precision: mean(all.map(({ precision }) => precision)),
  recall: mean(all.map(({ recall }) => recall)),
  f1: mean(all.map(({ f1 }) => f1)),
});
