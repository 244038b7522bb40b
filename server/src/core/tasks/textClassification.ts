import { softmax } from './softmax';

/** What a sequence head was trained for; the names are those of `problem_type` in a Hugging Face config.json. */
export type ProblemType = 'regression' | 'single_label_classification' | 'multi_label_classification';

/**
 * Turns the logits of a sequence head into scores, as Hugging Face's text classification pipeline does:
 * identity for a regression, sigmoid for several independent labels or a single one, else softmax.
 *
 * @param logits one a label.
 * @returns one score a label, in the order of the logits.
 */
export function decodeSequence(logits: Float32Array, problemType?: ProblemType): readonly number[] {
  if (problemType === 'regression') return [...logits];
  if (problemType === 'multi_label_classification' || logits.length === 1) {
    return Array.from(logits, sigmoid);
  }
  return [...softmax(logits)];
}

/** Written so that neither branch can overflow. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const exponential = Math.exp(x);
  return exponential / (1 + exponential);
}

/**
 * Scores of a text that was read in several windows: the mean, each window weighted by its tokens. There is no
 * reference for this, Hugging Face's pipeline cuts the text off.
 *
 * @param windows scores of each window, all in the same order of labels.
 * @param weights one a window; need not add up to 1.
 */
export function mergeWindowScores(
  windows: readonly (readonly number[])[],
  weights: readonly number[],
): readonly number[] {
  const [first, ...rest] = windows;
  if (!first || rest.length === 0) return first ?? [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return first.map((_, label) =>
    windows.reduce((sum, scores, i) => sum + ((scores[label] ?? 0) * (weights[i] ?? 0)) / total, 0),
  );
}
