import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type {
  AggregationStrategy,
  MaskPrediction,
  SentenceAnalysis,
} from '../../../server/src/core/tasks/results';

/** Start, end, type, score. */
export type GoldenMention = readonly [number, number, string, number];

/** What transformers says of a text. Spans are UTF-16. */
export interface GoldenText {
  readonly text: string;
  /** No `none` where the text takes several windows: the pipeline refuses that. */
  readonly mentions: Readonly<Partial<Record<AggregationStrategy, readonly GoldenMention[]>>>;
  /** In the order of the model's labels; only where the text fits into one window. */
  readonly sentiment?: readonly number[];
}

export interface GoldenMaskText {
  readonly text: string;
  readonly targets?: readonly string[];
  readonly masks: readonly {
    readonly span: readonly [number, number];
    /** Token id, the token as text, score; best first. */
    readonly candidates: readonly (readonly [number, string, number])[];
  }[];
}

/** golden.json, as make_reference.py writes it. */
export interface Golden {
  readonly model: string;
  readonly revision: string;
  readonly topK: number;
  readonly texts: readonly GoldenText[];
  readonly masks: readonly GoldenMaskText[];
}

export const readGolden = (): Golden =>
  JSON.parse(readFileSync(fileURLToPath(new URL('golden.json', import.meta.url)), 'utf8')) as Golden;

/** Scores that differ by no more are equal: both sides round sums of 32-bit floating-point numbers. */
export const tolerance = 1e-4;

/**
 * How far an int8 model may be from the golden results on another processor or with unsigned weights: a sum that lies
 * between two 8-bit numbers goes to either, and moves a few scores. docs/equality.md has what was measured.
 */
export const roundingBound = { share: 0.003, score: 0.03 } as const;

/** What compares the engine's results with the golden ones and keeps count. */
export class Comparison {
  readonly differences: string[] = [];
  /** Numbers and labels compared. */
  compared = 0;
  /** Largest difference of two scores. */
  largest = 0;

  get summary(): string {
    return (
      `${this.compared} values compared, ${this.differences.length} different, ` +
      `largest difference of a score ${this.largest.toExponential(1)}`
    );
  }

  /** @param share of the values that may differ, and by how much a score may. */
  expectWithin({ share, score }: { readonly share: number; readonly score: number }): void {
    expect(this.compared).toBeGreaterThan(0);
    expect(this.largest, this.differences.join('\n')).toBeLessThan(score);
    expect(this.differences.length / this.compared, this.differences.join('\n')).toBeLessThan(share);
  }

  mentions(place: string, expected: readonly GoldenMention[], actual: SentenceAnalysis['mentions']): void {
    this.#same(`${place}: count`, expected.length, actual.length);
    for (const [i, [start, end, type, score]] of expected.entries()) {
      const mention = actual[i];
      if (!mention) return;
      this.#same(
        `${place}: mention ${i}`,
        `${start}-${end} ${type}`,
        `${mention.start}-${mention.end} ${mention.type}`,
      );
      this.#close(`${place}: score ${i}`, score, mention.score);
    }
  }

  scores(place: string, expected: readonly number[], actual: readonly number[]): void {
    this.#same(`${place}: count`, expected.length, actual.length);
    for (const [i, score] of expected.entries())
      this.#close(`${place}: score ${i}`, score, actual[i] ?? Number.NaN);
  }

  masks(place: string, expected: GoldenMaskText['masks'], actual: readonly MaskPrediction[]): void {
    this.#same(`${place}: masks`, expected.length, actual.length);
    for (const [i, { span, candidates }] of expected.entries()) {
      const prediction = actual[i];
      if (!prediction) return;
      const at = `${place}: mask ${i}`;
      this.#same(at, span.join('-'), `${prediction.mask.start}-${prediction.mask.end}`);
      this.#same(`${at}: count`, candidates.length, prediction.candidates.length);
      for (const [j, [tokenId, text, score]] of candidates.entries()) {
        const candidate = prediction.candidates[j];
        // The engine leaves out the space before a word, since it stands before the mask already.
        const expectedText = `${tokenId} ${text.trimStart()}`;
        this.#same(`${at}: candidate ${j}`, expectedText, `${candidate?.tokenId} ${candidate?.text}`);
        this.#close(`${at}: score ${j}`, score, candidate?.score ?? Number.NaN);
      }
    }
  }

  #same(place: string, expected: string | number, actual: string | number): void {
    this.compared++;
    if (expected !== actual) this.differences.push(`${place}: expected ${expected}, got ${actual}`);
  }

  #close(place: string, expected: number, actual: number): void {
    this.compared++;
    const difference = Math.abs(expected - actual);
    this.largest = Math.max(this.largest, difference);
    if (!(difference <= tolerance)) this.differences.push(`${place}: expected ${expected}, got ${actual}`);
  }
}
