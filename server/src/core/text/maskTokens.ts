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

/** A text with the masks of a model. */
export interface MaskedText {
  /** With the model's own mask token. */
  readonly text: string;
  /** The masks in `text`, in order, and where each stands in what was given. */
  readonly masks: readonly { readonly inText: Span; readonly given: Span }[];
}

/** Puts a model's mask token in the place of `[MASK]` and `<mask>`, whichever people write. */
export function withMaskToken(given: string, maskToken: string): MaskedText {
  const masks: { inText: Span; given: Span }[] = [];
  let text = '';
  let end = 0;
  for (const mask of findMaskTokens(given)) {
    text += given.slice(end, mask.start);
    masks.push({ inText: { start: text.length, end: text.length + maskToken.length }, given: mask });
    text += maskToken;
    end = mask.end;
  }
  return { text: text + given.slice(end), masks };
}

/** Letters and digits of a script that puts something between its words, up to the end. */
const lettersAtEnd =
  /(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{N}\p{M}])+$/u;

/** The beginning of a word that stands right before a mask. @param before the text up to the mask. */
export const typedPrefix = (before: string): string => lettersAtEnd.exec(before)?.[0] ?? '';

/** The mask token that begins at an offset. */
export const maskTokenAt = (text: string, offset: number): string | undefined =>
  maskTokens.find((token) => text.startsWith(token, offset));
