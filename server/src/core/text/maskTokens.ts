import type { Span } from './span';

/** The mask tokens of BERT's and of RoBERTa's vocabulary, as people write them into a document. */
export const maskTokens: readonly string[] = ['[MASK]', '<mask>'];

/** All mask tokens of a text, in order. Upper and lower case matter, as they do to the tokenizers. */
export function findMaskTokens(text: string): Span[] {
  return Array.from(text.matchAll(/\[MASK\]|<mask>/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** The mask token that begins at an offset. */
export const maskTokenAt = (text: string, offset: number): string | undefined =>
  maskTokens.find((token) => text.startsWith(token, offset));
