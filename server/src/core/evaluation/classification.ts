import { meanScores, ratio, type Scores, type Tally, toScores } from './scores';

/** A text with the class that it has and the one that was found; both are indices into the labels. */
export interface ClassifiedText {
  readonly annotated: number;
  readonly found: number;
}

export interface ClassificationReport {
  readonly texts: number;
  /** 0…1 */
  readonly accuracy: number;
  /** The mean over the classes that are annotated at all. */
  readonly macro: Scores;
  /** One a label. */
  readonly classes: readonly (Tally & Scores & { readonly label: string })[];
  /** `[annotated][found]`, counts. */
  readonly confusion: readonly (readonly number[])[];
}

export const reportClassification = (
  texts: readonly ClassifiedText[],
  labels: readonly string[],
): ClassificationReport => {
  const confusion = labels.map(() => labels.map(() => 0));
  for (const { annotated, found } of texts) {
    const row = confusion[annotated];
    if (row?.[found] !== undefined) row[found]++;
  }
  const classes = labels.map((label, i) => {
    const tally = {
      annotated: confusion[i]?.reduce((sum, count) => sum + count, 0) ?? 0,
      found: confusion.reduce((sum, row) => sum + (row[i] ?? 0), 0),
      right: confusion[i]?.[i] ?? 0,
    };
    return { label, ...tally, ...toScores(tally) };
  });
  return {
    texts: texts.length,
    accuracy: ratio(
      classes.reduce((sum, { right }) => sum + right, 0),
      texts.length,
    ),
    macro: meanScores(classes.filter(({ annotated }) => annotated > 0)),
    classes,
    confusion,
  };
};
