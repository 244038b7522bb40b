import type { BlockContext, Line, MarkdownConfig } from '@lezer/markdown';
import type { Span } from '../span';

/** Nodes that the dialects share. */
export const sharedNodes: MarkdownConfig = {
  defineNodes: [
    // A line of which a part is prose, or nothing.
    { name: 'ProseLine', block: true },
    { name: 'HiddenBlock', block: true },
    'HiddenMark',
    'Gap',
  ],
};

/**
 * Takes a line that is mark-up but for its title.
 *
 * @param title within `line.text`; without one nothing of the line is read.
 */
export function addProseLine(cx: BlockContext, line: Line, title: Span | undefined): true {
  const from = cx.lineStart + line.pos;
  const to = cx.lineStart + line.text.length;
  const children = title && [
    cx.elt('HiddenMark', from, cx.lineStart + title.start),
    ...cx.parser.parseInline(line.text.slice(title.start, title.end), cx.lineStart + title.start),
    cx.elt('HiddenMark', cx.lineStart + title.end, to),
  ];
  cx.nextLine();
  cx.addElement(cx.elt(children ? 'ProseLine' : 'HiddenBlock', from, to, children));
  return true;
}

/** Where the group of a regular expression matched; undefined where it holds nothing to read. */
export function groupSpan(match: RegExpExecArray, name: string, offset: number): Span | undefined {
  const [start, end] = match.indices?.groups?.[name] ?? [];
  if (start === undefined || end === undefined || match[0].slice(start, end).trim() === '') return undefined;
  return { start: offset + start, end: offset + end };
}

/** Takes lines up to the one behind which `isLast` holds as no prose. The first line is asked, too. */
export function addHiddenLines(cx: BlockContext, line: Line, isLast: (text: string) => boolean): true {
  const from = cx.lineStart + line.pos;
  let isDone = isLast(line.text.slice(line.pos));
  while (cx.nextLine() && !isDone && !isOutside(cx, line)) isDone = isLast(line.text.slice(line.basePos));
  cx.addElement(cx.elt('HiddenBlock', from, cx.prevLineEnd()));
  return true;
}

/** Whether a line ends the list or quote that it was to go on in; Lezer's type does not tell how it knows. */
export const isOutside = (cx: BlockContext, line: Line): boolean =>
  (line as Line & { readonly depth: number }).depth < cx.depth;
