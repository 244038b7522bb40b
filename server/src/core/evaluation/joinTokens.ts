import type { Span } from '../text/span';

/** Tokens with a text that they may have been cut from. */
export interface JoinedText {
  readonly text: string;
  /** Where each token stands in the text, in UTF-16 code units. */
  readonly tokens: readonly Span[];
}

/** Stands for a space among tokens that are characters, as SentencePiece writes it. */
export const SPACE_MARK = '\u2581';

const unspacedLanguage = /^(zh|ja|yue|wuu|lzh)(?![a-z])/iu;

const letters = /\p{L}/gu;

const unspacedLetter = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]';

const unspacedLetters = new RegExp(unspacedLetter, 'gu');
const unspacedEnd = new RegExp(`${unspacedLetter}$`, 'u');
const unspacedStart = new RegExp(`^${unspacedLetter}`, 'u');

/**
 * Rebuilds the text of a sentence from its tokens: with a space between two, or without in Chinese, in Japanese
 * and wherever one of the tokens is `▁`, which then is the space. The white space of the original is lost, so
 * the text may have spaces before its punctuation.
 *
 * @param language a BCP 47 tag; where it is absent, a sentence of which most letters are Han or kana counts as
 *   Chinese or Japanese, and in others nothing stands between two tokens of such letters.
 */
export const joinTokens = (tokens: readonly string[], language: string | undefined): JoinedText => {
  const isUnspacedAll = tokens.includes(SPACE_MARK) || isUnspaced(tokens, language);
  const spans: Span[] = [];
  let text = '';
  for (const [i, token] of tokens.entries()) {
    const isDivided = language !== undefined || !unspacedEnd.test(text) || !unspacedStart.test(token);
    if (i > 0 && !isUnspacedAll && isDivided) text += ' ';
    const start = text.length;
    text += token === SPACE_MARK ? ' ' : token;
    spans.push({ start, end: text.length });
  }
  return { text, tokens: spans };
};

const isUnspaced = (tokens: readonly string[], language: string | undefined): boolean => {
  if (language !== undefined) return unspacedLanguage.test(language);
  const text = tokens.join('');
  return countOf(text, unspacedLetters) * 2 > countOf(text, letters);
};

const countOf = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
