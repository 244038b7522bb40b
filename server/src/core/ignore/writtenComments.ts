import type { CommentSyntax } from './commentSyntax';

/** What is written into a text: before its line `line`, or behind what that line says. */
export interface WrittenComment {
  readonly line: number;
  readonly at: 'start' | 'end';
  readonly text: string;
}

/** The lines of a text, counted from 0, without what ends them. */
export interface TextLines {
  readonly count: number;
  lineAt(line: number): string;
}

const comment = (
  { open, close }: CommentSyntax,
  directive: 'line' | 'next-line' | 'start' | 'end' | 'file',
) => [open, `subtext:ignore-${directive}`, close].filter((part) => part !== undefined).join(' ');

/** @returns undefined where a comment would divide the paragraph that the line is of. */
export function ignoreLine(
  syntax: CommentSyntax,
  line: number,
  { lineAt }: TextLines,
): WrittenComment | undefined {
  switch (syntax.place) {
    case 'behind':
      return { line, at: 'end', text: ` ${comment(syntax, 'line')}` };
    case 'above':
      return { line, at: 'start', text: `${indentOf(lineAt(line))}${comment(syntax, 'next-line')}\n` };
    case 'between':
      return undefined;
  }
}

/** Comments in lines of their own around lines of a text, both included. */
export function ignoreLines(
  syntax: CommentSyntax,
  first: number,
  last: number,
  { count, lineAt }: TextLines,
): readonly WrittenComment[] {
  const isEmpty = (line: number) => line < 0 || line >= count || lineAt(line).trim() === '';
  const gap = (line: number) => (syntax.place === 'between' && !isEmpty(line) ? '\n' : '');
  const indent = indentOf(lineAt(first));
  const [start, end] = [`${indent}${comment(syntax, 'start')}`, `${indent}${comment(syntax, 'end')}`];
  return [
    { line: first, at: 'start', text: `${gap(first - 1)}${start}\n${gap(first)}` },
    { line: last, at: 'end', text: `\n${gap(last)}${end}${gap(last + 1)}` },
  ];
}

/** At the end, where nothing is that has to stand first, such as front matter. */
export function ignoreFile(syntax: CommentSyntax, { count, lineAt }: TextLines): WrittenComment {
  const last = count - 1;
  const gap = lineAt(last).trim() === '' ? '' : syntax.place === 'between' ? '\n\n' : '\n';
  return { line: last, at: 'end', text: `${gap}${comment(syntax, 'file')}\n` };
}

const indentOf = (line: string): string => /^[ \t]*/u.exec(line)?.[0] ?? '';
