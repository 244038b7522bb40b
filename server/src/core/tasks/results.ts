import type { Span } from '../text/span';

/** A named entity as a model found it; the span is relative to the analysed text. */
export interface Mention extends Span {
  /** Entity type without its IOB prefix: `PER`, `LOC`, … */
  readonly type: string;
  /** Mean probability of the label over the tokens, 0…1. */
  readonly score: number;
}

/**
 * All that one pass says about a sentence, before any threshold or ignore list, so that a change of those
 * needs no new inference. This is the value that is cached.
 */
export interface SentenceAnalysis {
  readonly mentions: readonly Mention[];
  /** Probability of each sentiment label, in the order of the model's labels; empty without such a head. */
  readonly sentiment: readonly number[];
}

/** Joins pieces of one entity; the names are those of Hugging Face's token classification pipeline. */
export type AggregationStrategy = 'none' | 'simple' | 'first' | 'average' | 'max';

export const aggregationStrategies: readonly AggregationStrategy[] = [
  'none',
  'simple',
  'first',
  'average',
  'max',
];

/** One candidate for a masked position. */
export interface MaskCandidate {
  readonly tokenId: number;
  /** The piece as it stands in the vocabulary. */
  readonly token: string;
  /** The piece as text to put in the mask's place; without the space that some vocabularies have before a word. */
  readonly text: string;
  /** Softmax probability over the whole vocabulary, not renormalised. */
  readonly score: number;
}

/** The candidates of one mask, best first. Several masks give independent marginals. */
export interface MaskPrediction {
  /** Where the mask token stands in the text. */
  readonly mask: Span;
  readonly candidates: readonly MaskCandidate[];
}
