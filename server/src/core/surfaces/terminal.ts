import { oneLine } from './controls';
import { createSurface, type SurfaceText } from './surface';

/** Text that does nothing to a terminal but appear on it. */
export type TerminalText = SurfaceText<'terminal'>;

/**
 * What others wrote goes into one line. A document may hold escape sequences and directional controls that would
 * recolour, move or reorder what stands around it.
 */
export const terminal = createSurface<TerminalText>(oneLine);

/** Two columns on most terminals: East Asian scripts, full-width forms and emoji. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

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
export const truncate = (text: TerminalText, columns: number): TerminalText => {
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += columnsOfGrapheme(segment);
    // One column is for the ellipsis, unless the text ends just here.
    if (used > columns) return `${text.slice(0, end)}…` as TerminalText;
    if (used < columns) end = index + segment.length;
  }
  return text;
};

/** Without the blanks that filled up the last column. */
export const trimEnd = (line: TerminalText): TerminalText => line.trimEnd() as TerminalText;

/** Lines, each with its break. */
export const toLines = (lines: readonly TerminalText[]): TerminalText =>
  terminal.join(
    lines.map((line) => terminal.text`${line}\n`),
    '',
  );

/** Fills one line up to a number of columns. */
export const pad = (text: TerminalText, columns: number, side: 'left' | 'right' = 'right'): TerminalText => {
  const blanks = ' '.repeat(Math.max(0, columns - columnsOf(text))) as TerminalText;
  return side === 'left' ? terminal.text`${blanks}${text}` : terminal.text`${text}${blanks}`;
};
