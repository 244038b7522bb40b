import { defaultBatchTokens, planBatches, toEncoderBatch } from './batches';
import type { ModelDescription } from './model';
import type { EncoderBatch, Encoding, Logger, ModelRunner, Tokenizer } from './ports';
import type { Vocabulary } from './tokenizer/vocabulary';
import type { TokenWindow } from './windows';

/**
 * Work in steps: each `next()` does one batch or less, and between two of them other work may run or this one
 * be given up by `return()`.
 */
export type Steps<T> = AsyncGenerator<void, T>;

export interface EngineOptions {
  readonly logger?: Logger;
  /** Padded tokens in a batch. */
  readonly batchTokens?: number;
  /** Rounds the shapes of batches, see `toEncoderBatch`; for devices that prepare for each new one. */
  readonly roundShapes?: boolean;
  /** Content tokens that neighbouring windows of a long sentence share. */
  readonly stride?: number;
  /** False gives spans as the tokenizer has them, which may end before a combining mark. */
  readonly extendToGraphemes?: boolean;
}

/** What an engine consists of; each of its tasks is done with all of them. */
export interface EngineParts {
  readonly model: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly vocabulary: Vocabulary;
  readonly runner: ModelRunner;
  readonly options: EngineOptions;
}

/** Pads sequences of ids for this model and device. */
export const toBatch = (
  { model, options }: EngineParts,
  sequences: readonly (readonly number[])[],
): EncoderBatch =>
  toEncoderBatch(sequences, model.padTokenId, options.roundShapes ? model.maxTokens : undefined);

/** Plans batches for this device, see `planBatches`. */
export const planFor = (
  { options }: EngineParts,
  lengths: readonly number[],
): readonly (readonly number[])[] => planBatches(lengths, options.batchTokens ?? defaultBatchTokens);

export const idsOf = (window: TokenWindow, encoding: Encoding): readonly number[] =>
  window.tokens.map((i) => encoding.ids[i] ?? 0);
