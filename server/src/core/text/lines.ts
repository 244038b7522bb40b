import { isBlankAt } from './blanks';
import type { Span } from './span';

/** The end of the line that holds an offset, in front of its line break. */
export function lineEndAt(text: string, offset: number, limit = text.length): number {
  for (let at = offset; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return limit;
}

/** How long the line break is that begins at an offset; 0 where there is none. */
export function lineBreakLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === 13 ? (text.charCodeAt(at + 1) === 10 ? 2 : 1) : code === 10 ? 1 : 0;
}

/** The start of the next line, or the end of the text. */
export function nextLineStart(text: string, offset: number, limit = text.length): number {
  const end = lineEndAt(text, offset, limit);
  return end + lineBreakLength(text, end);
}

/** The lines of `[start, end)` without their line breaks, blank ones too. */
export function splitLines(text: string, { start, end }: Span): Span[] {
  const lines: Span[] = [];
  for (let at = start; ; ) {
    const lineEnd = lineEndAt(text, at, end);
    lines.push({ start: at, end: lineEnd });
    if (lineEnd === end) return lines;
    at = Math.min(lineEnd + lineBreakLength(text, lineEnd), end);
  }
}

/** How many blanks begin a line. */
export function indentationOf(text: string, { start, end }: Span): number {
  let at = start;
  while (at < end && isBlankAt(text, at)) at++;
  return at - start;
}
