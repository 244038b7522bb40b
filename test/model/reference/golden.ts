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
 * How far an int8 model may be from the golden results on another processor: a sum that lies between two 8-bit numbers
 * goes to either, and all scores of that text move. docs/equality.md has what was measured.
 */
export const roundingBound = {
  /** Share of the compared values that are other spans, types or candidates. */
  others: 0.01,
  /** Mean difference of the scores, and the largest. */
  mean: 0.005,
  largest: 0.2,
} as const;

/** What compares the engine's results with the golden ones and keeps count. */
export class Comparison {
  readonly differences: string[] = [];
  /** Numbers and labels compared. */
  compared = 0;
  /** Differences of spans, types, candidates and counts. */
  #others = 0;
  #scores = 0;
  #sum = 0;
  /** Largest difference of two scores. */
  largest = 0;

  get summary(): string {
    const { others, mean, largest } = this.#figures;
    return (
      `${this.compared} values compared, ${this.differences.length} different, ${this.#others} of them ` +
      `(${(100 * others).toFixed(2)} %) no scores; difference of scores ${mean.toExponential(1)} in the mean, ` +
      `${largest.toExponential(1)} at most`
    );
  }

  /** Fails where more differs than rounding explains. */
  expectWithin(bound: typeof roundingBound): void {
    expect(this.#scores).toBeGreaterThan(0);
    const figures = this.#figures;
    for (const figure of ['others', 'mean', 'largest'] as const)
      expect(figures[figure], `${this.summary}\n${this.differences.join('\n')}`).toBeLessThan(bound[figure]);
  }

  get #figures() {
    return { others: this.#others / this.compared, mean: this.#sum / this.#scores, largest: this.largest };
  }

  mentions(place: string, expected: readonly GoldenMention[], actual: SentenceAnalysis['mentions']): void {
    this.#same(`${place}: count`, expected.length, actual.length);
    const rest = [...actual];
    for (const [i, [start, end, type, score]] of expected.entries()) {
      const at = rest.findIndex((one) => one.start === start && one.end === end && one.type === type);
      this.#has(`${place}: mention ${i}`, `${start}-${end} ${type}`, at >= 0);
      const [mention] = at >= 0 ? rest.splice(at, 1) : [];
      if (mention) this.#close(`${place}: score ${i}`, score, mention.score);
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
        const found = prediction.candidates.find((one) => one.tokenId === tokenId);
        if (found) this.#close(`${at}: score ${j}`, score, found.score);
      }
    }
  }

  #same(place: string, expected: string | number, actual: string | number): void {
    this.#other(expected === actual, `${place}: expected ${expected}, got ${actual}`);
  }

  #has(place: string, expected: string, isThere: boolean): void {
    this.#other(isThere, `${place}: expected ${expected}, which is missing`);
  }

  #other(isEqual: boolean, difference: string): void {
    this.compared++;
    if (isEqual) return;
    this.#others++;
    this.differences.push(difference);
  }

  #close(place: string, expected: number, actual: number): void {
    this.compared++;
    const difference = Math.abs(expected - actual);
    this.#scores++;
    this.#sum += difference;
    this.largest = Math.max(this.largest, difference);
    if (!(difference <= tolerance)) this.differences.push(`${place}: expected ${expected}, got ${actual}`);
  }
}
