import { defaultBatchTokens, planBatches, toEncoderBatch } from './batches';
import type { ModelDescription } from './model';
import {
  type AnalysisEngine,
  type EncoderBatch,
  type Encoding,
  EngineError,
  type Logger,
  type ModelRunner,
  type Tokenizer,
} from './ports';
import { groupByLength } from './sentenceGroups';
import { type Aggregation, strategyFor } from './tasks/aggregation';
import { decodeMask } from './tasks/fillMask';
import type { MaskCandidate, MaskPrediction, Mention, SentenceAnalysis } from './tasks/results';
import { decodeSequence, mergeWindowScores } from './tasks/textClassification';
import { decodeMentions, mergeWindowMentions } from './tasks/tokenClassification';
import { continuesWord, maskSpan, type WordRule } from './tokenizer/encoding';
import { extendToGraphemes } from './tokenizer/graphemes';
import { splitWindows, type TokenWindow, windowsAround } from './windows';

/**
 * Estimated tokens of the sentences that are tokenized together. Enough for batches of even length, few enough that a
 * large request needs no more memory than a small one.
 */
const roundTokens = 8_192;
/** Masks predicted in one run; each has logits for the whole vocabulary. */
const masksPerRun = 16;

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

/** Analyses texts with one model: tokenizer, windows, batches, tensors, decoder. */
export class Engine implements AnalysisEngine {
  readonly #model: ModelDescription;
  readonly #tokenizer: Tokenizer;
  readonly #runner: ModelRunner;
  readonly #options: EngineOptions;

  constructor(
    model: ModelDescription,
    tokenizer: Tokenizer,
    runner: ModelRunner,
    options: EngineOptions = {},
  ) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#runner = runner;
    this.#options = options;
  }

  analyze(
    sentences: readonly string[],
    options: { readonly aggregation: Aggregation; readonly signal?: AbortSignal },
  ): Promise<readonly SentenceAnalysis[]> {
    return finish(this.analyzeSteps(sentences, options), options.signal);
  }

  fillMask(
    text: string,
    options: { readonly topK: number; readonly targets?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<readonly MaskPrediction[]> {
    return finish(this.fillMaskSteps(text, options), options.signal);
  }

  /** As `analyze`, in steps. Tokenizing begins at once, beside the steps of other work. */
  analyzeSteps(
    sentences: readonly string[],
    { aggregation }: { readonly aggregation: Aggregation },
  ): Steps<readonly SentenceAnalysis[]> {
    const groups = groupByLength(sentences, roundTokens);
    return this.#analyzeRounds(sentences, groups, aggregation, this.#startRound(sentences, groups[0]));
  }

  /** As `fillMask`, in steps. */
  async *fillMaskSteps(
    text: string,
    { topK, targets }: { readonly topK: number; readonly targets?: readonly string[] },
  ): Steps<readonly MaskPrediction[]> {
    const { maskToken, maxTokens } = this.#model;
    const targetIds = targets && (await this.#targetIds(targets));
    const [encoding] = await this.#tokenizer.encode([text]);
    const maskId = this.#tokenizer.tokenToId(maskToken);
    const masks = encoding?.ids.flatMap((id, i) => (id === maskId ? [i] : [])) ?? [];
    if (!encoding || masks.length === 0)
      throw new EngineError(`The text holds no mask token (${maskToken}).`);
    yield;

    const windows = windowsAround(encoding, masks, maxTokens);
    const predictions = new Map<number, MaskPrediction>();
    for (const batch of planBatches(
      windows.map(({ window }) => window.tokens.length),
      this.#options.batchTokens ?? defaultBatchTokens,
    )) {
      const chosen = batch.flatMap((i) => windows[i] ?? []);
      const ids = chosen.map(({ window }) => idsOf(window, encoding));
      const input = this.#toBatch(ids);
      const places = chosen.flatMap(({ window, positions }, row) =>
        positions.map((mask) => ({ mask, row, column: window.tokens.indexOf(mask) })),
      );
      for (let first = 0; first < places.length; first += masksPerRun) {
        const some = places.slice(first, first + masksPerRun);
        const logits = await this.#runner.runMasks(input, some);
        for (const [row, { mask }] of some.entries()) {
          const candidates = await this.#candidates(logits, row, topK, targetIds);
          predictions.set(mask, {
            mask: maskSpan(text, encoding.offsets[mask] ?? [0, 0], maskToken),
            candidates,
          });
        }
        yield;
      }
    }
    return masks.flatMap((mask) => predictions.get(mask) ?? []);
  }

  #candidates(
    logits: Float32Array,
    row: number,
    topK: number,
    targetIds: ReadonlySet<number> | undefined,
  ): Promise<readonly MaskCandidate[]> {
    const best = decodeMask(logits, row, this.#model.vocabularySize, topK, targetIds);
    return Promise.all(
      best.map(async ({ tokenId, score }) => ({
        tokenId,
        token: this.#tokenizer.idToToken(tokenId) ?? '',
        text: (await this.#tokenizer.decode([tokenId])).trimStart(),
        score,
      })),
    );
  }

  async *#analyzeRounds(
    sentences: readonly string[],
    groups: readonly (readonly number[])[],
    aggregation: Aggregation,
    first: Round,
  ): Steps<readonly SentenceAnalysis[]> {
    const results = new Array<SentenceAnalysis>(sentences.length);
    let round = first;
    for (const [number, group] of groups.entries()) {
      const encodings = await round.encodings;
      const next = this.#startRound(sentences, groups[number + 1]);
      yield;
      const analyses = yield* this.#analyzeRound(round.texts, encodings, aggregation);
      for (const [i, analysis] of analyses.entries()) results[group[i] as number] = analysis;
      round = next;
    }
    return results;
  }

  /** The tokenizer has threads of its own: it works while the batches before run. */
  #startRound(sentences: readonly string[], group: readonly number[] = []): Round {
    const texts = group.map((index) => sentences[index] as string);
    const encodings = texts.length > 0 ? this.#tokenizer.encode(texts) : Promise.resolve([]);
    // A failure is met when the round is awaited, unless the work is given up before.
    encodings.catch(() => {});
    return { texts, encodings };
  }

  async *#analyzeRound(
    texts: readonly string[],
    encodings: readonly Encoding[],
    aggregation: Aggregation,
  ): Steps<readonly SentenceAnalysis[]> {
    const { maxTokens } = this.#model;
    const rule = aggregation === 'auto' ? 'spelling' : 'pipeline';
    const sentences = texts.map((text, i) => toSentence(text, encodings[i], this.#tokenizer, rule));
    const pieces = sentences.flatMap((sentence) =>
      splitWindows(sentence.encoding, maxTokens, this.#options.stride).map((window, index) => ({
        sentence,
        window,
        index,
      })),
    );
    for (const batch of planBatches(
      pieces.map(({ window }) => window.tokens.length),
      this.#options.batchTokens ?? defaultBatchTokens,
    )) {
      const chosen = batch.flatMap((i) => pieces[i] ?? []);
      const input = this.#toBatch(chosen.map(({ sentence, window }) => idsOf(window, sentence.encoding)));
      const output = await this.#runner.run(input);
      for (const [row, { sentence, window, index }] of chosen.entries()) {
        sentence.windows[index] = {
          mentions: this.#mentionsOf(sentence, window, row, input.columns, output.tokenLogits, aggregation),
          sentiment: this.#sentimentOf(row, output.sequenceLogits),
          weight: window.end - window.start,
        };
      }
      yield;
    }
    return sentences.map((sentence) => this.#toAnalysis(sentence));
  }

  #toBatch(sequences: readonly (readonly number[])[]): EncoderBatch {
    const { padTokenId, maxTokens } = this.#model;
    return toEncoderBatch(sequences, padTokenId, this.#options.roundShapes ? maxTokens : undefined);
  }

  #mentionsOf(
    sentence: SentenceWork,
    window: TokenWindow,
    row: number,
    columns: number,
    logits: Float32Array | undefined,
    aggregation: Aggregation,
  ): readonly Mention[] {
    if (!logits) return [];
    const { encoding, continues } = sentence;
    const labels = this.#model.tokenLabels;
    const rowLogits = logits.subarray(row * columns * labels.length, (row + 1) * columns * labels.length);
    const tokens = window.tokens.map((i) => ({
      start: encoding.offsets[i]?.[0] ?? 0,
      end: encoding.offsets[i]?.[1] ?? 0,
      special: encoding.specialTokensMask[i] === 1,
      continuesWord: continues[i] ?? false,
    }));
    return decodeMentions(tokens, rowLogits, labels, strategyFor(aggregation, sentence.text));
  }

  #sentimentOf(row: number, logits: Float32Array | undefined): readonly number[] {
    const count = this.#model.sentimentLabels.length;
    return logits
      ? decodeSequence(logits.subarray(row * count, (row + 1) * count), this.#model.sentimentProblem)
      : [];
  }

  #toAnalysis({ text, windows }: SentenceWork): SentenceAnalysis {
    const mentions = mergeWindowMentions(
      windows.map((window) => window.mentions),
      text,
    );
    return {
      mentions: this.#options.extendToGraphemes === false ? mentions : extendToGraphemes(mentions, text),
      sentiment: mergeWindowScores(
        windows.map((window) => window.sentiment),
        windows.map((window) => window.weight),
      ),
    };
  }

  async #targetIds(targets: readonly string[]): Promise<ReadonlySet<number>> {
    const ids = new Set<number>();
    for (const target of targets) {
      const known = this.#tokenizer.tokenToId(target);
      const id = known ?? (await this.#firstPiece(target));
      if (id !== undefined) ids.add(id);
      if (known === undefined) {
        this.#options.logger?.warn(
          id === undefined
            ? 'A fill-mask target has no word piece and is ignored.'
            : 'A fill-mask target is not in the vocabulary; its first word piece stands for it.',
        );
      }
    }
    if (ids.size === 0) throw new EngineError('None of the fill-mask targets can be expressed by the model.');
    return ids;
  }

  async #firstPiece(text: string): Promise<number | undefined> {
    const [encoding] = await this.#tokenizer.encode([text]);
    return encoding?.ids.find((_, i) => encoding.specialTokensMask[i] === 0);
  }
}

/** Sentences that are tokenized together, and the tokenizer's promise. */
interface Round {
  readonly texts: readonly string[];
  readonly encodings: Promise<readonly Encoding[]>;
}

/** A sentence on its way: filled window by window, in whatever order the batches come. */
interface SentenceWork {
  readonly text: string;
  readonly encoding: Encoding;
  readonly continues: readonly boolean[];
  readonly windows: {
    readonly mentions: readonly Mention[];
    readonly sentiment: readonly number[];
    readonly weight: number;
  }[];
}

function toSentence(
  text: string,
  encoding: Encoding | undefined,
  tokenizer: Tokenizer,
  rule: WordRule,
): SentenceWork {
  if (!encoding) throw new EngineError('The tokenizer left out a sentence.');
  return { text, encoding, continues: continuesWord(encoding, text, tokenizer, rule), windows: [] };
}

const idsOf = (window: TokenWindow, encoding: Encoding): readonly number[] =>
  window.tokens.map((i) => encoding.ids[i] ?? 0);

async function finish<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = await steps.next();
    if (step.done) return step.value;
  }
}
