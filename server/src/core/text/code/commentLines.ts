import { skipBlanks, trimEnd } from '../blanks';
import { indentationOf, splitLines } from '../lines';
import type { Item, Passage } from '../passages';
import type { Span } from '../span';
import type { CodeItemKind } from './codeItems';

type CommentKind = Exclude<CodeItemKind, 'string'>;

/** What begins a comment in any language that we know, with the blank behind it where one is usual. */
const openings: Readonly<Record<CommentKind, RegExp>> = {
  line: /^(?:\/{2,}[!<]*|#+[:'|]*|-{2,}(?: ?[|^])?|;+|%+|'+|"|!+[<>]?|(?:rem\b|::))[ \t]?/i,
  block: /^(?:\/[*+]+!?<?|<#|\(\*+|\{-+[|^]?|\{|###|#{1,2}(?:=|\||\[=*\[?)|--\[=*\[|[ \t]*%\{|=\w+)/,
  doc: /^(?:@\w+\s+)?[~a-z]{0,3}(?:"""|'''|"|')/i,
  rest: /^/,
};

const blockClosing =
  /(?:[*+]+\/|#>|\*+\)|-+\}|\}|=#|\]=*\]#{0,2}|\]#{1,2}|\|#|###|^=(?:cut|end)|[ \t]*%\})$/m;

const closings: Readonly<Record<CommentKind, RegExp>> = {
  line: /$/,
  block: blockClosing,
  doc: /(?:"""|'''|"|')$/,
  rest: new RegExp(`${blockClosing.source}|(?:"""|''')$`, 'm'),
};

/** No marker is longer. */
const maxMarker = 24;

/** A row of signs that separates parts of a comment, in front of the text of a line. */
const leadingOrnament = /^[ \t]*(?:-{2,}|={2,}|\*{2,})[ \t]+/;

/** One that does so alone, or that closes a box around the comment. */
const ornament = /(?<![^\s])(?:([*#=/_-])\1+|\*)[ \t]*$/;

/** The marker with which a comment begins, such as `///`. */
export const markerOf = (text: string, { start, end }: Span): string =>
  (openings.line.exec(text.slice(start, Math.min(end, start + maxMarker)))?.[0] ?? '').trim();

/** The lines of a comment without its markers, without ornaments, and without the indentation that all of them have. */
export function commentLines(text: string, { items }: Passage<CodeItemKind>): Span[] {
  const [first] = items as readonly Item<CommentKind>[];
  if (first?.kind === 'line') {
    return outdent(
      text,
      items.map((item) => withoutOrnament(text, contentOf(text, item as Item<CommentKind>))),
    );
  }
  const [head, ...tail] = (items as readonly Item<CommentKind>[]).flatMap((item) =>
    splitLines(text, contentOf(text, item)),
  ) as [Span, ...Span[]];
  const begun = { start: skipBlanks(text, head.start, head.end), end: head.end };
  const lines = isStarred(text, tail) ? tail.map((line) => withoutStar(text, line)) : tail;
  return [
    withoutOrnament(text, begun),
    ...outdent(
      text,
      lines.map((line) => withoutOrnament(text, line)),
    ),
  ];
}

function contentOf(text: string, { kind, start, end }: Item<CommentKind>): Span {
  const opening = openings[kind].exec(text.slice(start, Math.min(end, start + maxMarker)))?.[0] ?? '';
  const from = start + opening.length;
  const tail = text.slice(Math.max(from, end - maxMarker), end);
  const closing = closings[kind].exec(tail)?.[0] ?? '';
  return { start: from, end: Math.max(from, end - closing.length) };
}

function withoutOrnament(text: string, { start, end }: Span): Span {
  const line = text.slice(start, end);
  const match = ornament.exec(line);
  const to = trimEnd(text, start, match ? start + match.index : end);
  return { start: Math.min(start + (leadingOrnament.exec(line)?.[0].length ?? 0), to), end: to };
}

const isStarred = (text: string, lines: readonly Span[]): boolean =>
  lines.every(({ start, end }) => {
    const from = skipBlanks(text, start, end);
    return from === end || text[from] === '*';
  });

function withoutStar(text: string, { start, end }: Span): Span {
  const from = skipBlanks(text, start, end);
  return { start: text[from] === '*' && from < end ? from + 1 : from, end };
}

function outdent(text: string, lines: readonly Span[]): Span[] {
  const indentations = lines.filter(({ start, end }) => start < end).map((line) => indentationOf(text, line));
  const common = indentations.reduce((least, next) => Math.min(least, next), Number.POSITIVE_INFINITY);
  return lines.map(({ start, end }) => ({ start: Math.min(start + common, end), end }));
}
