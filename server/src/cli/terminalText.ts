/*
 * Text of documents on its way to a terminal. A document may hold escape sequences and directional controls
 * that would recolour, move or reorder what stands around it.
 */

/** Two columns on most terminals: East Asian scripts, full-width forms and emoji. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

const spacing = /[\s\p{Cc}]+/gu;

const directionalControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** One line without control characters. */
export const toTerminal = (text: string): string =>
  text.replace(directionalControls, '').replace(spacing, ' ').trim();

/** How many columns of a terminal one line takes. */
export const columnsOf = (text: string): number =>
  Array.from(graphemes.segment(text), ({ segment }) => columnsOfGrapheme(segment)).reduce(
    (sum, one) => sum + one,
    0,
  );

const columnsOfGrapheme = (grapheme: string): number => (wide.test(grapheme) ? 2 : 1);

/**
 * Shortens one line to a number of columns; an ellipsis stands for what was cut.
 * Only as much of the text is looked at as may be shown.
 */
export const truncate = (text: string, columns: number): string => {
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += columnsOfGrapheme(segment);
    // One column is for the ellipsis, unless the text ends just here.
    if (used > columns) return `${text.slice(0, end)}…`;
    if (used < columns) end = index + segment.length;
  }
  return text;
};
