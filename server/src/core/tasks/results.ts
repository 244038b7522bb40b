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
  /** The language of the sentence, where the choice of the model went by it. */
  readonly language?: string;
  /** No model in use knows that language, so none was asked. */
  readonly isLeftOut?: true;
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

/** Words of one or several word pieces for the masks that were asked for. */
export interface WordCandidate {
  /** To put in the places of the masks, one each. */
  readonly texts: readonly string[];
  /** As docs/fillMask.md defines it, 0…1: of one word of one piece its softmax probability. */
  readonly score: number;
  /** How many word pieces all of them have. */
  readonly pieces: number;
}

export interface RankedLabel {
  readonly label: string;
  /** Softmax probability. */
  readonly score: number;
}

/** A token as a model sees it; the span is relative to the text and empty for special tokens. */
export interface InspectedToken extends Span {
  readonly id: number;
  /** As it stands in the vocabulary. */
  readonly token: string;
  /** The word (pre-token) it belongs to; null for special tokens. */
  readonly word: number | null;
  /** Added by the model's template. */
  readonly isSpecial: boolean;
  /** Stands for text that the model's vocabulary cannot express. */
  readonly isUnknown: boolean;
  /** The most probable labels of the token head, best first; empty without such a head and for special tokens. */
  readonly labels: readonly RankedLabel[];
}

/** What a model sees in a text, before anything is joined or left out. */
export interface TokenInspection {
  readonly tokens: readonly InspectedToken[];
  /** The windows in which the text is read, as indices of tokens, those of the template left out. */
  readonly windows: readonly Span[];
  /** As in {@link SentenceAnalysis}. */
  readonly sentiment: readonly number[];
}
