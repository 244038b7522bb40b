import { columnsOf, pad, type TerminalText, terminal, trimEnd } from '../../core/surfaces/terminal';

/** A column of text, or of numbers. */
export type Cell = string | number;

/**
 * Lines of a table, indented by two; cells may hold what others wrote. Numbers stand as they are; shares are to be given
 * as text.
 *
 * @param isLeft which columns stand to the left.
 */
export const toTable = (
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  isLeft: (column: number) => boolean = (column) => column === 0,
): readonly TerminalText[] => {
  const cells = [head, ...rows].map((row) =>
    row.map((cell) => terminal.escape(typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  );
  const widths = head.map((_, column) =>
    cells.reduce((width, row) => Math.max(width, columnsOf(row[column] ?? '')), 0),
  );
  return cells.map((row) => {
    const padded = row.map((cell, i) => pad(cell, widths[i] ?? 0, isLeft(i) ? 'right' : 'left'));
    return trimEnd(terminal.text`  ${terminal.join(padded, '  ')}`);
  });
};

/** `87.5`: percent without the sign, as scores are usually written. */
export const toPercent = (share: number): string => (share * 100).toFixed(1);
