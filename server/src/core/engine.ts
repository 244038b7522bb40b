import { type EngineOptions, type EngineParts, idsOf, planFor, type Steps, toBatch } from './engineParts';
import { fillMaskSteps } from './maskFilling';
import type { ModelDescription } from './model';
import {
  type Encoding,
  EngineError,
  type InteractiveEngine,
  type ModelRunner,
  type Tokenizer,
  type WordOptions,
} from './ports';
import { groupByLength } from './sentenceGroups';
import { type Aggregation, strategyFor } from './tasks/aggregation';
import type {
  MaskPrediction,
  Mention,
  SentenceAnalysis,
  TokenInspection,
  WordCandidate,
} from './tasks/results';
import { decodeSequence, mergeWindowScores } from './tasks/textClassification';
import { decodeMentions, mergeWindowMentions } from './tasks/tokenClassification';
import { inspectSteps } from './tokenInspection';
import { continuesWord, standsForSpace, type WordRule } from './tokenizer/encoding';
import { extendToGraphemes } from './tokenizer/graphemes';
import { Vocabulary } from './tokenizer/vocabulary';
import { splitWindows, type TokenWindow } from './windows';
import { fillWordsSteps } from './wordFilling';

/**
 * Estimated tokens of the sentences that are tokenized together. Enough for batches of even length, few enough that a
 * large request needs no more memory than a small one.
 */
const roundTokens = 8_192;
/** Analyses texts with one model: tokenizer, windows, batches, tensors, decoder. */
export class Engine implements InteractiveEngine {
  readonly #parts: EngineParts;

  constructor(
    model: ModelDescription,
    tokenizer: Tokenizer,
    runner: ModelRunner,
    options: EngineOptions = {},
  ) {
    this.#parts = {
      model,
      tokenizer,
      vocabulary: new Vocabulary(tokenizer),
      runner,
      options,
    };
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

  fillWords(
    text: string,
    options: WordOptions & { readonly signal?: AbortSignal },
  ): Promise<readonly WordCandidate[]> {
    return finish(this.fillWordsSteps(text, options), options.signal);
  }

  inspect(text: string, options: { readonly signal?: AbortSignal } = {}): Promise<TokenInspection> {
    return finish(this.inspectSteps(text), options.signal);
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
  fillMaskSteps(
    text: string,
    options: { readonly topK: number; readonly targets?: readonly string[] },
  ): Steps<readonly MaskPrediction[]> {
    return fillMaskSteps(this.#parts, text, options);
  }

  /** As `fillWords`, in steps. */
  fillWordsSteps(text: string, options: WordOptions): Steps<readonly WordCandidate[]> {
    return fillWordsSteps(this.#parts, text, options);
  }

  /** As `inspect`, in steps. */
  inspectSteps(text: string): Steps<TokenInspection> {
    return inspectSteps(this.#parts, text);
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
    const encodings = texts.length > 0 ? this.#parts.tokenizer.encode(texts) : Promise.resolve([]);
    // A failure is met when the round is awaited, unless the work is given up before.
    encodings.catch(() => {});
    return { texts, encodings };
  }

  async *#analyzeRound(
    texts: readonly string[],
    encodings: readonly Encoding[],
    aggregation: Aggregation,
  ): Steps<readonly SentenceAnalysis[]> {
    const { maxTokens } = this.#parts.model;
    const rule = aggregation === 'auto' ? 'spelling' : 'pipeline';
    const sentences = texts.map((text, i) => toSentence(text, encodings[i], this.#parts.tokenizer, rule));
    const pieces = sentences.flatMap((sentence) =>
      splitWindows(sentence.encoding, maxTokens, this.#parts.options.stride).map((window, index) => ({
        sentence,
        window,
        index,
      })),
    );
    for (const batch of planFor(
      this.#parts,
      pieces.map(({ window }) => window.tokens.length),
    )) {
      const chosen = batch.flatMap((i) => pieces[i] ?? []);
      const input = toBatch(
        this.#parts,
        chosen.map(({ sentence, window }) => idsOf(window, sentence.encoding)),
      );
      const output = await this.#parts.runner.run(input);
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
    const labels = this.#parts.model.tokenLabels;
    const rowLogits = logits.subarray(row * columns * labels.length, (row + 1) * columns * labels.length);
    const tokens = window.tokens.map((i) => ({
      start: encoding.offsets[i]?.[0] ?? 0,
      end: encoding.offsets[i]?.[1] ?? 0,
      special:
        encoding.specialTokensMask[i] === 1 ||
        (aggregation === 'auto' && standsForSpace(encoding, i, this.#parts.tokenizer)),
      continuesWord: continues[i] ?? false,
    }));
    return decodeMentions(tokens, rowLogits, labels, strategyFor(aggregation, sentence.text));
  }

  #sentimentOf(row: number, logits: Float32Array | undefined): readonly number[] {
    const count = this.#parts.model.sentimentLabels.length;
    return logits
      ? decodeSequence(logits.subarray(row * count, (row + 1) * count), this.#parts.model.sentimentProblem)
      : [];
  }

  #toAnalysis({ text, windows }: SentenceWork): SentenceAnalysis {
    const mentions = mergeWindowMentions(
      windows.map((window) => window.mentions),
      text,
    );
    return {
      mentions:
        this.#parts.options.extendToGraphemes === false ? mentions : extendToGraphemes(mentions, text),
      sentiment: mergeWindowScores(
        windows.map((window) => window.sentiment),
        windows.map((window) => window.weight),
      ),
    };
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

async function finish<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = await steps.next();
    if (step.done) return step.value;
  }
}
