import type { Aggregation } from './tasks/aggregation';
import type { MaskPrediction, SentenceAnalysis, TokenInspection, WordCandidate } from './tasks/results';

/**
 * What the analysis needs from the world. The real ones live in `inference/`; tests bring their own.
 */

/** A text cut into word pieces, special tokens of the model's template included, never truncated. */
export interface Encoding {
  /** Vocabulary ids, one a token. */
  readonly ids: readonly number[];
  /** Start and end of each token in UTF-16 code units of the encoded text; `[0, 0]` for special tokens. */
  readonly offsets: readonly (readonly [number, number])[];
  /** The word (pre-token) each token belongs to; null for special tokens. */
  readonly wordIds: readonly (number | null)[];
  /** 1 for the tokens that the model's template adds ([CLS], [SEP]), else 0. */
  readonly specialTokensMask: readonly number[];
}

export interface Tokenizer {
  encode(texts: readonly string[]): Promise<readonly Encoding[]>;
  tokenToId(token: string): number | undefined;
  /** The piece as it stands in the vocabulary, for instance `##ing` or `Ġthe`. */
  idToToken(id: number): string | undefined;
  /** Tokens as text, word-piece markers resolved. */
  decode(ids: readonly number[]): Promise<string>;
  /** What marks a piece that goes on with a word, `##` in WordPiece; absent where no such prefix is used. */
  readonly continuingSubwordPrefix?: string | undefined;
  /** The id that stands for whatever is not in the vocabulary; absent where nothing can be unknown. */
  readonly unknownTokenId?: number | undefined;
}

/** Rows of equal length, padded at the end; row-major. */
export interface EncoderBatch {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly inputIds: BigInt64Array;
  /** `[rows, columns]`, 1 for real tokens and 0 for padding. */
  readonly attentionMask: BigInt64Array;
}

export interface EncoderOutput {
  /** `[rows, columns, token labels]`, absent where the model has no token head. */
  readonly tokenLogits?: Float32Array;
  /** `[rows, sequence labels]`, absent where the model has no sequence head. */
  readonly sequenceLogits?: Float32Array;
}

/** One token of a batch. */
export interface TokenPlace {
  readonly row: number;
  readonly column: number;
}

/** Runs tensors, and nothing else: on this machine or on a remote one. */
export interface ModelRunner {
  run(batch: EncoderBatch): Promise<EncoderOutput>;
  /**
   * @param places some masks of the batch; each costs logits for the whole vocabulary, so not too many at once.
   * @returns `[places, vocabulary]` logits of the masked-LM head.
   */
  runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array>;
}

/** `interactive`: somebody waits for just this; it is done before all `bulk` work that has not begun. */
export type Priority = 'interactive' | 'bulk';

/**
 * Analyses sentences and masks with one model: tokenizer, windows, batches, tensors, decoder. In the server it
 * is the inference host, which passes the work to the inference process.
 */
export interface AnalysisEngine {
  /**
   * @param sentences any number; those that are to be cancelled together should come together.
   * @param options.priority `bulk` unless given.
   * @param options.signal stops the work at the next batch; the promise is rejected with the signal's reason.
   * @returns one result a sentence, in the same order.
   * @throws EngineError when the work failed for good; a process that died is restarted and asked again first.
   */
  analyze(
    sentences: readonly string[],
    options: {
      readonly aggregation: Aggregation;
      readonly priority?: Priority;
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly SentenceAnalysis[]>;
  /**
   * Predicts every mask token of a text, with priority `interactive`. The text is cut to a window around the
   * masks where it is too long.
   * @param options.targets restricts the candidates to these words; their scores are not renormalised. A word
   * that is not in the vocabulary counts as its first piece.
   * @param options.signal as in `analyze`.
   * @throws EngineError when the text holds no mask token or the model has no masked-LM head.
   */
  fillMask(
    text: string,
    options: {
      readonly topK: number;
      readonly targets?: readonly string[];
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly MaskPrediction[]>;
}

/** What an editor asks besides, with priority `interactive`. */
export interface InteractiveEngine extends AnalysisEngine {
  /**
   * Finds words of one or several word pieces for one mask of a text, or for several jointly; docs/fillMask.md tells
   * how. Other masks of the text stay masks. The text is cut to a window around the masks where it is too long.
   * @param options.signal as in `analyze`.
   * @returns best first.
   * @throws EngineError when the text has no such mask, when the masks do not fit into one window, or when the model
   * has no masked-LM head.
   */
  fillWords(
    text: string,
    options: WordOptions & { readonly signal?: AbortSignal },
  ): Promise<readonly WordCandidate[]>;
  /**
   * Tells the tokens of a text and what the model says of each.
   * @param options.signal as in `analyze`.
   */
  inspect(text: string, options?: { readonly signal?: AbortSignal }): Promise<TokenInspection>;
}

/** A mask to be filled. */
export interface WantedWord {
  /** Which mask of the text, counted from 0. */
  readonly index: number;
  /** Only words that begin so, in whatever case; the text to be filled holds it no more. */
  readonly prefix?: string | undefined;
}

/** Which words are wanted. */
export interface WordOptions {
  /** In the order of the text. */
  readonly masks: readonly WantedWord[];
  /** Most candidates. */
  readonly topK: number;
  /** Only these are scored, whatever their number of pieces; any word where absent. */
  readonly words?: readonly string[] | undefined;
}

/** A failure to tell the user about. The message says what failed and what to do, without document text. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** Time, injected so that tests own it. */
export interface Clock {
  /** Milliseconds from an arbitrary origin, never going back. */
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): { cancel(): void };
}

/** Diagnostic messages for the output channel. Never give it document text. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
