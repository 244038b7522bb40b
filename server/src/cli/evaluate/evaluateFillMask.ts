import { sampleIndices } from '../../core/evaluation/sample';
import { mean, ratio } from '../../core/evaluation/scores';
import type { ModelDescription } from '../../core/model';
import type { AnalysisEngine } from '../../core/ports';
import { findMaskTokens } from '../../core/text/maskTokens';
import { contains, type Span } from '../../core/text/span';
import { unigramMark } from '../../core/tokenizer/encoding';
import { splitWords } from '../words';
import type { AnnotatedText } from './annotations';
import { byLanguage } from './languages';

/** Accuracy is also measured among this many candidates. */
const TOP = 5;

export interface FillMaskScores {
  /** Words that were masked. */
  readonly words: number;
  /** Words drawn; the others are more than one piece to the model. */
  readonly drawn: number;
  readonly top1: number;
  readonly top5: number;
  /** Mean natural logarithm of the probability of the masked word. */
  readonly meanLogLikelihood: number;
  readonly pseudoPerplexity: number;
}

export interface FillMaskEvaluation extends FillMaskScores {
  readonly languages: readonly (FillMaskScores & { readonly name: string })[];
  /** Means over the languages in which a word was masked. */
  readonly macroLanguages: {
    readonly top1: number;
    readonly top5: number;
    readonly meanLogLikelihood: number;
  };
}

export interface FillMaskOptions {
  /** Words in each language. */
  readonly sample: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told the number of words done, out of the most there can be. */
  readonly onProgress: (done: number, total: number) => void;
}

/** One word that was masked. */
interface Guess {
  /** From 1; absent where it is not among the candidates asked for. */
  readonly rank: number | undefined;
  readonly probability: number;
}

/**
 * Masks words one at a time and asks for them. Words are drawn at random from all words of a language, those
 * that are more than one piece to the model are put back, until there are enough or none are left.
 */
export const evaluateFillMask = async (
  texts: readonly AnnotatedText[],
  engine: AnalysisEngine & { readonly model: ModelDescription },
  { sample, seed, signal, onProgress }: FillMaskOptions,
): Promise<FillMaskEvaluation> => {
  // A mask that stands in a text already would be a hole in the context of every other word.
  const groups = byLanguage(texts.filter(({ text }) => findMaskTokens(text).length === 0));
  const measured: { name: string; guesses: Guess[]; drawn: number }[] = [];
  let done = 0;
  for (const [name, group] of groups) {
    const guesses: Guess[] = [];
    let drawn = 0;
    for (const { text, word } of drawWords(group, seed)) {
      if (guesses.length === sample) break;
      drawn++;
      const guess = await guessWord(text, word, engine, signal);
      if (!guess) continue;
      guesses.push(guess);
      onProgress(++done, groups.size * sample);
    }
    measured.push({ name, guesses, drawn });
  }
  const languages = measured.map(({ name, guesses, drawn }) => ({ name, ...toScores(guesses, drawn) }));
  const all = toScores(
    measured.flatMap(({ guesses }) => guesses),
    measured.reduce((sum, { drawn }) => sum + drawn, 0),
  );
  const counted = languages.filter(({ words }) => words > 0);
  return {
    ...all,
    languages,
    macroLanguages: {
      top1: mean(counted.map(({ top1 }) => top1)),
      top5: mean(counted.map(({ top5 }) => top5)),
      meanLogLikelihood: mean(counted.map(({ meanLogLikelihood }) => meanLogLikelihood)),
    },
  };
};

function* drawWords(
  texts: readonly AnnotatedText[],
  seed: number,
): Generator<{ readonly text: string; readonly word: Span }> {
  // The number of words up to each text, so that the words themselves need not be kept.
  const ends: number[] = [];
  let total = 0;
  for (const { text } of texts) {
    total += wordsOf(text).length;
    ends.push(total);
  }
  for (const index of sampleIndices(total, seed)) {
    const at = firstAbove(ends, index);
    const text = texts[at]?.text ?? '';
    const word = wordsOf(text)[index - (ends[at - 1] ?? 0)];
    if (word) yield { text, word };
  }
}

/** Punctuation is too easy to guess to be counted as a word. */
const wordsOf = (text: string): readonly Span[] =>
  splitWords(text).filter(({ start, end }) => /[\p{L}\p{N}]/u.test(text.slice(start, end)));

/** Index of the first of ascending numbers that is greater than `value`. */
const firstAbove = (numbers: readonly number[], value: number): number => {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** @returns undefined where the word is more than one piece. */
const guessWord = async (
  text: string,
  { start, end }: Span,
  engine: AnalysisEngine & { readonly model: ModelDescription },
  signal: AbortSignal,
): Promise<Guess | undefined> => {
  const { maskToken } = engine.model;
  const word = text.slice(start, end);
  const masked = text.slice(0, start) + maskToken + text.slice(end);
  const ask = async (topK: number, targets?: readonly string[]) => {
    const predictions = await engine.fillMask(masked, { topK, ...(targets && { targets }), signal });
    // The tokenizer may count a space before the mask as part of it.
    return predictions.find(({ mask }) => contains(mask, start))?.candidates ?? [];
  };
  // A word that is not in the vocabulary has no piece of its own among the targets. The mask token always is
  // in it, and without any target in it the engine would refuse.
  // Some vocabularies mark the beginning of a word; what they have unmarked is the inside of one.
  const spellings = [`${unigramMark}${word}`, word];
  const known = await ask(spellings.length + 1, [...spellings, maskToken]);
  const target = spellings.flatMap((one) => known.find(({ token }) => token === one) ?? [])[0];
  if (!target) return undefined;
  const rank = (await ask(TOP)).findIndex(({ token }) => token === target.token);
  return { rank: rank < 0 ? undefined : rank + 1, probability: target.score };
};

const toScores = (guesses: readonly Guess[], drawn: number): FillMaskScores => {
  const meanLogLikelihood = mean(guesses.map(({ probability }) => Math.log(atLeastTiny(probability))));
  return {
    words: guesses.length,
    drawn,
    top1: ratio(guesses.filter(({ rank }) => rank === 1).length, guesses.length),
    top5: ratio(guesses.filter(({ rank }) => rank !== undefined).length, guesses.length),
    meanLogLikelihood,
    pseudoPerplexity: Math.exp(-meanLogLikelihood),
  };
};

/** A probability too small for a number would make the mean infinite. */
const atLeastTiny = (probability: number): number => Math.max(probability, Number.MIN_VALUE);
