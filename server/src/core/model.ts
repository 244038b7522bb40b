import type { RecommendedScores } from './tasks/leastScores';
import type { ProblemType } from './tasks/textClassification';

/** The model that comes with the extension. */
export const bundledModelId = 'subtext-base';

/** What a model can be used for. Each has a setting `subtext.models.<task>`. */
export const modelTasks = ['entities', 'sentiment', 'fillMask'] as const;
export type ModelTask = (typeof modelTasks)[number];

/** Numeric formats of the graphs of a repository, by their suffix on the Hub. */
export const precisions = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/**
 * What the engine has to know of a model, apart from its weights. Comes from the model's own config.json and
 * tokenizer files, and from `models/catalog.json` for those that it names.
 */
export interface ModelDescription {
  /** Unique with the revision: together they are part of every cache key. A catalogue id, `owner/name` or a path. */
  readonly id: string;
  /** Commit, or the catalogue's name of the version. For a folder: a checksum of its small files and the weights' size and date. */
  readonly revision: string;
  /** In the order of `modelTasks`; what the graphs and labels allow. */
  readonly tasks: readonly ModelTask[];
  /** Most tokens in one window, special tokens included. May be less than the model's positions. */
  readonly maxTokens: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly padTokenId: number;
  /** As the tokenizer spells it, `[MASK]` or `<mask>`; empty where there is none. */
  readonly maskToken: string;
  /** Labels of the token head in the order of the logits, with their IOB prefixes. */
  readonly tokenLabels: readonly string[];
  /** Labels of the sequence head in the order of the logits. */
  readonly sentimentLabels: readonly string[];
  /** How the scores of the sequence head are to be read; absent: by the number of its labels. */
  readonly sentimentProblem?: ProblemType | undefined;
  /** BCP 47 tags of the languages that it was trained on; absent where nobody says. */
  readonly languages?: readonly string[] | undefined;
  /** From which scores on its entities are worth showing; absent where nobody says. */
  readonly leastScores?: RecommendedScores | undefined;
}
