import { findMaskTokens } from '../core/text/maskTokens';
import type { Span } from '../core/text/span';

export interface MaskedText {
  /** With the model's own mask token. */
  readonly text: string;
  /** The masks in `text`, in order, and where each stands in what was given. */
  readonly masks: readonly { readonly inText: Span; readonly given: Span }[];
}

/** Puts the model's mask token in the place of `[MASK]` and `<mask>`, whichever people write. */
export const withMaskToken = (given: string, maskToken: string): MaskedText => {
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
};
