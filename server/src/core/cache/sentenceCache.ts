import type { ModelDescription } from '../model';
import type { Aggregation } from '../tasks/aggregation';
import type { SentenceAnalysis } from '../tasks/results';
import { GenerationCache } from './generationCache';

/** Some 20 MB of short sentences; more than any document below the size limit holds. */
const SENTENCES_A_GENERATION = 50_000;

/** Analyses by sentence text, for one model and one set of the options that change the result. */
export interface SentenceResults {
  get(text: string): SentenceAnalysis | undefined;
  set(text: string, analysis: SentenceAnalysis): void;
}

/**
 * What has been inferred, shared by all documents. The key is the sentence's text together with the model, its
 * revision and the aggregation strategy. Only the latest combination is kept: when a setting changes, the
 * documents are analysed anew.
 */
export class SentenceCache {
  #key = '';
  readonly #results = new GenerationCache<string, SentenceAnalysis>(SENTENCES_A_GENERATION);

  for(model: ModelDescription, aggregation: Aggregation): SentenceResults {
    const key = JSON.stringify([model.id, model.revision, aggregation]);
    if (key !== this.#key) {
      this.#key = key;
      this.#results.clear();
    }
    return this.#results;
  }
}
