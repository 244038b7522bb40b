import type { Span } from '../core/text/span';

/**
 * What separates words and never is part of one: white space, and the control characters that models skip.
 * Breaks of lines and columns are among them, so a word always fits into one field of a table.
 */
const separators = /[\s\p{Cc}]/u;

/** A mark that belongs to the character before it, and what joins characters to one emoji. */
const extenders = /[\p{M}\p{Emoji_Modifier}\u200d]/u;

/** BERT's tokenizer takes every ideograph for a word; kana and Hangul stay together. */
const ideographs = /\p{Unified_Ideograph}/u;

const punctuation = /[\p{P}\p{S}]/u;

/**
 * Cuts a sentence into words the way BERT's tokenizer does before word pieces: at white space, with every
 * punctuation mark, symbol and ideograph by itself. Combining marks and joined emoji are not torn apart.
 *
 * @param boundaries spans whose edges are word boundaries, too, unless they lie in white space: the mentions,
 *   since those of a model with another tokenizer may begin or end within such a word.
 * @returns spans of `text` in order, none empty, none overlapping.
 */
export const splitWords = (text: string, boundaries: readonly Span[] = []): readonly Span[] => {
  const edges = new Set(boundaries.flatMap(({ start, end }) => [start, end]));
  const words: Span[] = [];
  let start = 0;
  let inWord = false;
  let afterJoiner = false;
  const finish = (end: number): void => {
    if (inWord) words.push({ start, end });
    inWord = false;
  };
  let alone = false;
  let at = 0;
  for (const character of text) {
    if (separators.test(character)) {
      finish(at);
      afterJoiner = false;
    } else {
      const extends_ = inWord && (afterJoiner || extenders.test(character));
      if (!extends_) {
        const single = ideographs.test(character) || punctuation.test(character);
        if (alone || single) finish(at);
        alone = single;
      }
      if (edges.has(at)) finish(at);
      if (!inWord) {
        start = at;
        inWord = true;
      }
      afterJoiner = character === '\u200d';
    }
    at += character.length;
  }
  finish(at);
  return words;
};
