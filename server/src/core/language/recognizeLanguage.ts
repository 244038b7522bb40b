import { findScript } from './scripts';
import type { GuessByWords } from './wordGuess';

/** Fewer letters of words say too little, docs/languages.md has the figures. */
const LEAST_LETTERS = 20;
/** Languages of the other alphabets share more groups of letters, so that a smaller lead is as certain. */
const leastMargins = { latin: 0.2, other: 0.1 } as const;

const notWords = /https?:\/\/\S+|[@#]\S+|\S*\d\S*/gu;
const smallWords = /(?<![\p{L}\p{M}])[\p{Ll}\p{Lo}\p{Lm}][\p{L}\p{M}'’]*/gu;

/**
 * The language of a text, if it is certain. What begins with a capital is no evidence: names say nothing of the
 * language that they stand in.
 *
 * @returns a code as of `toLanguageCode`.
 */
export function recognizeLanguage(text: string, guess: GuessByWords): string | undefined {
  const script = findScript(text);
  if (!script.words) return script.language;
  // The statistics are of composed letters.
  const words = text.normalize().replace(notWords, ' ').match(smallWords) ?? [];
  if (countLetters(words) < LEAST_LETTERS) return undefined;
  const found = guess(words.join(' '));
  return found && found.margin >= leastMargins[script.words] ? found.language : undefined;
}

const countLetters = (words: readonly string[]): number =>
  words.reduce((sum, word) => sum + word.replace(/[\p{M}'’]/gu, '').length, 0);
