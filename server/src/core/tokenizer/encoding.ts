import type { Encoding, Tokenizer } from '../ports';
import type { Span } from '../text/span';

const surrogate = /[\uD800-\uDFFF]/;
const surrogatePair = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;

/** Length in Unicode code points; a lone surrogate counts as one. */
export function codePointLength(text: string): number {
  if (!surrogate.test(text)) return text.length;
  return text.length - (text.match(surrogatePair)?.length ?? 0);
}

/**
 * Turns token offsets counted in code points, as tokenizers give them, into UTF-16 offsets.
 * Lone surrogates count as one code point, since tokenizers see U+FFFD in their place.
 *
 * @returns the same array where the text has no character beyond the basic plane.
 */
export function toUtf16Offsets(
  offsets: readonly (readonly [number, number])[],
  text: string,
): readonly (readonly [number, number])[] {
  if (!surrogate.test(text)) return offsets;
  const starts = codePointStarts(text);
  return offsets.map(([start, end]) => [starts[start] ?? text.length, starts[end] ?? text.length]);
}

/** The UTF-16 offset of each code point, and that of the end. */
function codePointStarts(text: string): readonly number[] {
  const starts = [];
  let offset = 0;
  for (const character of text) {
    starts.push(offset);
    offset += character.length;
  }
  starts.push(offset);
  return starts;
}

/** Marks the beginning of a word in Unigram vocabularies; alone it is a piece that stands for a space. */
export const unigramMark = '▁';

/** How words are told where the tokenizer does not mark continuing pieces. */
export type WordRule = 'pipeline' | 'spelling';

/**
 * Tells for each token whether it goes on with the word of the token before it.
 *
 * With a tokenizer that marks continuing pieces this is the test of Hugging Face's token classification
 * pipeline: a piece whose length differs from that of its source text. So a piece from which the tokenizer
 * dropped characters counts as continuing, too. Unknown pieces always begin a word.
 *
 * Without such marks the pipeline takes for one word whatever no space divides, so that punctuation is glued to words
 * and a Chinese sentence is a single one. `spelling` looks at the letters instead.
 */
export function continuesWord(
  encoding: Encoding,
  text: string,
  tokenizer: Tokenizer,
  rule: WordRule,
): readonly boolean[] {
  return encoding.ids.map((id, i) => {
    if (id === tokenizer.unknownTokenId || encoding.specialTokensMask[i] === 1) return false;
    const [start, end] = encoding.offsets[i] ?? [0, 0];
    if (tokenizer.continuingSubwordPrefix) {
      return codePointLength(tokenizer.idToToken(id) ?? '') !== codePointLength(text.slice(start, end));
    }
    if (rule === 'pipeline') return start > 0 && !text.slice(start - 1, start + 1).includes(' ');
    if (encoding.wordIds[i] !== encoding.wordIds[i - 1] || standsForSpace(encoding, i - 1, tokenizer))
      return false;
    // A character of several bytes may be several tokens.
    return start < (encoding.offsets[i - 1]?.[1] ?? 0) || isInsideWord(text, start);
  });
}

/** Whether a token is a space alone, which is part of no word; its offsets may claim the letter behind it. */
export const standsForSpace = ({ ids }: Encoding, index: number, tokenizer: Tokenizer): boolean =>
  !tokenizer.continuingSubwordPrefix && tokenizer.idToToken(ids[index] ?? -1) === unigramMark;

/** A letter or digit of a script that puts something between its words. */
const spaced =
  '(?![\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}])[\\p{L}\\p{N}\\p{M}]';
const endsInLetter = new RegExp(`${spaced}$`, 'u');
const beginsWithLetter = new RegExp(`^${spaced}`, 'u');

function isInsideWord(text: string, offset: number): boolean {
  // Enough for any character.
  const [before, after] = [text.slice(Math.max(0, offset - 2), offset), text.slice(offset, offset + 2)];
  return /^\p{M}/u.test(after) || (endsInLetter.test(before) && beginsWithLetter.test(after));
}

/**
 * Where the mask token itself stands. Tokenizers for which it swallows the space before it count that in.
 *
 * @param span of the token in the text.
 */
export function maskSpan(text: string, span: readonly [number, number], maskToken: string): Span {
  const [start, end] = span;
  const at = text.slice(start, end).indexOf(maskToken);
  return at < 0 ? { start, end } : { start: start + at, end: start + at + maskToken.length };
}
