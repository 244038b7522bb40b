import type { ProblemType } from './tasks/textClassification';

/**
 * What the engine has to know of a model, apart from its weights. Comes from `models/catalog.json` and the
 * model's own config.json (labels, special tokens).
 */
export interface ModelDescription {
  /** Unique with the revision: together they are part of every cache key. */
  readonly id: string;
  readonly revision: string;
  /** Most tokens in one window, special tokens included. May be less than the model's positions. */
  readonly maxTokens: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly padTokenId: number;
  readonly maskToken: string;
  /** Labels of the token head in the order of the logits, with their IOB prefixes. */
  readonly tokenLabels: readonly string[];
  /** Labels of the sequence head in the order of the logits. */
  readonly sentimentLabels: readonly string[];
  /** How the scores of the sequence head are to be read; absent: by the number of its labels. */
  readonly sentimentProblem?: ProblemType | undefined;
}
