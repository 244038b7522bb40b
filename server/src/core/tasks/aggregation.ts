import { type AggregationStrategy, aggregationStrategies } from './results';

/** A strategy of Hugging Face's pipeline, or the one of them that suits the sentence. */
export type Aggregation = AggregationStrategy | 'auto';

export const aggregations: readonly Aggregation[] = ['auto', ...aggregationStrategies];

/**
 * Kana and Hangul. BERT's pre-tokenizer takes a run of them as one word although names, particles and endings are
 * written together, so that a word strategy would give the particle the label of the name.
 */
const unspacedSyllables = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** `auto` labels whole words, but pieces where a "word" is more than a word. docs/defaults.md has the figures. */
export function strategyFor(aggregation: Aggregation, sentence: string): AggregationStrategy {
  if (aggregation !== 'auto') return aggregation;
  return unspacedSyllables.test(sentence) ? 'simple' : 'first';
}
