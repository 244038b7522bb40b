import type { ModelDescription } from '../../core/model';
import type { EvaluateOptions } from './evaluateCommand';
import type { EntityEvaluation } from './evaluateEntities';
import type { FillMaskEvaluation } from './evaluateFillMask';
import type { SentimentEvaluation } from './evaluateSentiment';

/** What was measured. */
export type Evaluation =
  | { readonly task: 'entities'; readonly scores: EntityEvaluation }
  | { readonly task: 'sentiment'; readonly scores: SentimentEvaluation }
  | { readonly task: 'fill-mask'; readonly scores: FillMaskEvaluation };

/** With what, and on what. */
export interface EvaluationSetup {
  readonly model: ModelDescription;
  /** The execution provider. */
  readonly device: string;
  /** As they were given. */
  readonly files: readonly string[];
  readonly options: EvaluateOptions;
}
