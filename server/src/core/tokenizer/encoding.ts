import type { Encoding, Tokenizer } from '../ports';

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

/**
 * Tells for each token whether it goes on with the word of the token before it.
 *
 * With a tokenizer that marks continuing pieces this is the test of Hugging Face's token classification
 * pipeline: a piece whose length differs from that of its source text. So a piece from which the tokenizer
 * dropped characters counts as continuing, too. Unknown pieces always begin a word. Without such marks it is
 * the tokenizer's word ids; the pipeline then guesses by spaces, which would glue punctuation to words.
 */
export function continuesWord(encoding: Encoding, text: string, tokenizer: Tokenizer): readonly boolean[] {
  if (!tokenizer.continuingSubwordPrefix) {
    return encoding.wordIds.map((word, i) => i > 0 && word !== null && word === encoding.wordIds[i - 1]);
  }
  return encoding.ids.map((id, i) => {
    if (id === tokenizer.unknownTokenId || encoding.specialTokensMask[i] === 1) return false;
    const [start, end] = encoding.offsets[i] ?? [0, 0];
    const piece = tokenizer.idToToken(id) ?? '';
    return codePointLength(piece) !== codePointLength(text.slice(start, end));
  });
}
