import { isBlankAt, skipBlanks, trimEnd } from './blanks';
import { flatBlock } from './flatText';
import { cutReach, isLongLink, maxBlockLength, pieceEnd } from './pieces';
import type { PlacedBlock } from './prose';
import type { Span } from './span';
import type { Unit } from './units';

/**
 * The first paragraph at or behind an offset: from the first character that is not blank to the last one before
 * an empty line, cut where it is too long.
 */
export function nextParagraph(text: string, offset: number): Unit | undefined {
  const start = skipBlanks(text, offset);
  if (start === text.length) return undefined;
  const longest = start + maxBlockLength;
  for (let at = start; ; ) {
    const lineBreak = nextLineBreak(text, at, longest);
    if (lineBreak > longest) {
      const cut = pieceEnd(text, start, text.length);
      return { start, end: trimEnd(text, start, cut), reach: cutReach({ start, end: cut }) };
    }
    if (lineBreak === text.length) {
      return { start, end: trimEnd(text, start, lineBreak), reach: Number.POSITIVE_INFINITY };
    }
    at = lineBreak + lineBreakLength(text, lineBreak);
    const behindBlanks = skipBlanksInLine(text, at);
    if (behindBlanks === text.length || lineBreakLength(text, behindBlanks) > 0) {
      const reach = behindBlanks === text.length ? Number.POSITIVE_INFINITY : behindBlanks + 1;
      return { start, end: trimEnd(text, start, lineBreak), reach };
    }
  }
}

/**
 * Cuts a paragraph at its hard line breaks. A break is soft where the first word of the next line would not have
 * fitted into the longest line of the paragraph.
 *
 * @param paragraph of at most the length of a block, unless it is a link.
 */
export function extractParagraph(text: string, paragraph: Span): PlacedBlock[] {
  if (isLongLink(paragraph)) return [];
  const lines = linesOf(text, paragraph.start, paragraph.end);
  const longest = lines.reduce((most, line) => Math.max(most, line.end - line.start), 0);
  const blocks: PlacedBlock[] = [];
  let start = paragraph.start;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    if (next && line.end - line.start + firstWordLength(text, next) > longest) continue;
    blocks.push(...flatBlock(text, { start, end: line.end }, 0));
    if (next) start = skipBlanks(text, next.start);
  }
  return blocks;
}

/** Lines without their line breaks and without trailing blanks. */
function linesOf(text: string, start: number, end: number): Span[] {
  const lines: Span[] = [];
  for (let at = start; at < end; ) {
    const lineBreak = Math.min(nextLineBreak(text, at, end), end);
    lines.push({ start: at, end: trimEnd(text, at, lineBreak) });
    at = lineBreak + lineBreakLength(text, lineBreak);
  }
  return lines;
}

/** The room that a line's first word needs, with the blank before it; where lines break anywhere, a character. */
function firstWordLength(text: string, line: Span): number {
  const word = /\S*/.exec(text.slice(skipBlanks(text, line.start), line.end))?.[0] ?? '';
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)
    ? 1
    : word.length + 1;
}

/** Any offset behind `limit` where there is no line break up to it, else its offset or the end of the text. */
function nextLineBreak(text: string, from: number, limit: number): number {
  for (let index = from; index <= limit; index++) {
    if (index >= text.length) return text.length;
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return limit + 1;
}

function lineBreakLength(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code === 13 ? (text.charCodeAt(at + 1) === 10 ? 2 : 1) : code === 10 ? 1 : 0;
}

function skipBlanksInLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && lineBreakLength(text, at) === 0 && isBlankAt(text, at)) at++;
  return at;
}
