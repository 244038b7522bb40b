/** Words for the first of some masks of a text; the others are still masked. */
export interface Filling {
  /** The pieces of each word. */
  readonly words: readonly (readonly number[])[];
  /** Sum of the logarithms of the probabilities of all pieces, each with those behind it still masked. */
  readonly logProbability: number;
}

/** A word of a fixed number of pieces for the next mask of a filling, of which the first are chosen. */
export interface Hypothesis {
  /** What was chosen for the masks before. */
  readonly filling: Filling;
  /** Pieces of the whole word. */
  readonly length: number;
  /** Those that are chosen. */
  readonly pieces: readonly number[];
  /** Of the filling and these pieces. */
  readonly logProbability: number;
}

export const isComplete = ({ length, pieces }: Hypothesis): boolean => pieces.length === length;

/** One hypothesis for each piece that may come next. */
export const extend = (
  { pieces, logProbability, ...hypothesis }: Hypothesis,
  next: readonly { readonly tokenId: number; readonly score: number }[],
): readonly Hypothesis[] =>
  next.map(({ tokenId, score }) => ({
    ...hypothesis,
    pieces: [...pieces, tokenId],
    logProbability: logProbability + Math.log(score),
  }));

/** The filling with the word of a complete hypothesis. */
export const withWord = ({ filling, pieces, logProbability }: Hypothesis): Filling => ({
  words: [...filling.words, pieces],
  logProbability,
});

/** The most probable hypotheses of each length. @param widthOf how many of a length are kept. */
export function prune(
  hypotheses: readonly Hypothesis[],
  widthOf: (length: number) => number,
): readonly Hypothesis[] {
  const kept = new Map<number, number>();
  return byProbability(hypotheses).filter(({ length }) => {
    const count = (kept.get(length) ?? 0) + 1;
    kept.set(length, count);
    return count <= widthOf(length);
  });
}

/** The most probable first; of equal ones that of fewer pieces, then in order of their ids. */
export const byProbability = (hypotheses: readonly Hypothesis[]): readonly Hypothesis[] =>
  [...hypotheses].sort(
    (a, b) =>
      b.logProbability - a.logProbability ||
      a.length - b.length ||
      (a.pieces.at(-1) ?? 0) - (b.pieces.at(-1) ?? 0),
  );
