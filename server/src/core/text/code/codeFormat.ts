import { isBlankAt } from '../blanks';
import { extractEmbedded } from '../embedded';
import { lineBreakLength, lineEndAt, nextLineStart } from '../lines';
import { MarkdownExtractor } from '../markdown';
import type { Item, Passage, PassageFormat } from '../passages';
import { maxBlockLength } from '../pieces';
import { PlainTextExtractor } from '../plainText';
import type { PlacedBlock } from '../prose';
import type { CodeItemKind } from './codeItems';
import { markerOf } from './commentLines';
import { commentText } from './commentText';
import { stringText } from './stringText';

type CodeItem = Item<CodeItemKind>;
type CodePassage = Passage<CodeItemKind>;

/** Reads comments as Markdown and, where it is to, strings as plain text. */
export class CodeFormat implements PassageFormat<CodeItemKind> {
  readonly #markdown = new MarkdownExtractor();
  readonly #plainText = new PlainTextExtractor();
  readonly #strings: boolean;

  constructor(strings: boolean) {
    this.#strings = strings;
  }

  *passages(text: string, items: readonly CodeItem[]): Generator<CodePassage> {
    let lines: CodeItem[] = [];
    for (const item of items) {
      if (item.kind === 'line' && continues(text, lines, item)) {
        lines.push(item);
        continue;
      }
      if (lines.length > 0) yield toPassage(lines);
      lines = [];
      if (item.kind === 'line') lines.push(item);
      else if (item.kind === 'string') {
        if (this.#strings) yield toPassage([item]);
      } else for (const part of parts(text, item)) yield toPassage([part]);
    }
    if (lines.length > 0) yield toPassage(lines);
  }

  *extract(text: string, passage: CodePassage): Generator<void, readonly PlacedBlock[]> {
    const [item] = passage.items;
    if (item?.kind !== 'string') return yield* extractEmbedded(commentText(text, passage), this.#markdown);
    const content = stringText(text, item);
    return content ? yield* extractEmbedded(content, this.#plainText) : [];
  }
}

const toPassage = (items: readonly CodeItem[]): CodePassage => ({
  start: (items[0] as CodeItem).start,
  end: (items.at(-1) as CodeItem).end,
  items,
});

/**
 * Whether a comment goes on with that of the line before: it has the same marker, and the first one stands alone on
 * its line or right above.
 */
function continues(text: string, lines: readonly CodeItem[], item: CodeItem): boolean {
  const first = lines[0];
  const last = lines.at(-1);
  if (!first || !last || item.end - first.start > maxBlockLength) return false;
  const lineBreak = skipBlanksInLine(text, last.end);
  const behind = lineBreak + lineBreakLength(text, lineBreak);
  return (
    behind > lineBreak &&
    skipBlanksInLine(text, behind) === item.start &&
    markerOf(text, first) === markerOf(text, item) &&
    (isFirstInLine(text, first.start) || column(text, first.start) === column(text, item.start))
  );
}

function skipBlanksInLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && lineBreakLength(text, at) === 0 && isBlankAt(text, at)) at++;
  return at;
}

function isFirstInLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && isBlankAt(text, at - 1) && lineBreakLength(text, at - 1) === 0) at--;
  return at === 0 || lineBreakLength(text, at - 1) > 0;
}

function column(text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - lineStart - (text.slice(lineStart, offset).lastIndexOf('\r') + 1);
}

/** A line of a comment that says nothing. */
const emptyCommentLine = /^[ \t]*\*?[ \t]*$/;

/** Cuts a long comment at its empty lines, so that an edit does not touch all of it. */
function* parts(text: string, { kind, start, end }: CodeItem): Generator<CodeItem> {
  let from = start;
  for (
    let at = nextLineStart(text, from + maxBlockLength, end);
    at < end;
    at = nextLineStart(text, at, end)
  ) {
    if (at - from < maxBlockLength || !emptyCommentLine.test(text.slice(at, lineEndAt(text, at)))) continue;
    yield { kind: from === start ? kind : 'rest', start: from, end: at };
    from = at;
  }
  yield { kind: from === start ? kind : 'rest', start: from, end };
}
