import type { BlockContext, InlineContext, Line, MarkdownConfig } from '@lezer/markdown';
import { addHiddenLines } from './proseLine';

/*
 * Tags of the generators of sites: Hugo's and Quarto's shortcodes (`{{< ref "a" >}}`, `{{% note %}}`), Liquid's and
 * Jinja's tags (`{% if a %}`) and expressions (`{{ page.title }}`), and attributes in braces (`{#id .class}`,
 * `{: .class}`).
 */

/** Longer tags are text. */
const tag =
  /(?<shortcode>\{\{[<%][^{}]{0,600}\}\})|(?<expression>\{\{[^{}]{1,600}\}\})|\{%[^%]{0,600}%\}|\{#[^#\n]{1,300}#\}/y;

const attribute = String.raw`(?:[#.][\w:.-]{1,100}|[\w-]{1,60}=(?:"[^"\n]{0,200}"|'[^'\n]{0,200}'|[^\s"'{}]{1,200})|-)`;
const attributes = new RegExp(
  String.raw`\{(?::[ \t]?(?:toc|[ \t]*${attribute})|[ \t]?${attribute})(?:[ \t]+${attribute}){0,20}[ \t]*\}`,
  'y',
);

/** Blocks of code or of notes to the author, and what ends them. */
const codeStart =
  /^\{%-?[ \t]*(?<tag>highlight|comment|mermaid|plantuml)\b[^%]*%\}|^\{\{[<%][ \t]*(?<code>highlight|mermaid|comment)\b[^{}]*\}\}/;

export const templates: MarkdownConfig = {
  parseBlock: [{ name: 'TemplateCode', before: 'Blockquote', parse: parseCode }],
  parseInline: [
    { name: 'Template', before: 'Escape', parse: parseTemplate },
    { name: 'Attributes', before: 'Escape', parse: parseAttributes },
  ],
};

function parseCode(cx: BlockContext, line: Line): boolean {
  if (line.next !== 123 /* { */) return false;
  const { tag: liquid, code } = codeStart.exec(line.text.slice(line.pos))?.groups ?? {};
  if (liquid === undefined && code === undefined) return false;
  const end = liquid
    ? new RegExp(String.raw`\{%-?\s*end${liquid}\b`)
    : new RegExp(String.raw`\{\{[<%]\s*/\s*${code}\b`);
  return addHiddenLines(cx, line, (text) => end.test(text));
}

function parseTemplate(cx: InlineContext, next: number, pos: number): number {
  const second = next === 123 /* { */ ? cx.char(pos + 1) : -1;
  if (second !== 123 && second !== 37 /* % */ && second !== 35 /* # */) return -1;
  const start = pos - cx.offset;
  tag.lastIndex = start;
  const match = tag.exec(cx.text);
  if (!match) return -1;
  const end = start + match[0].length;
  return cx.addElement(cx.elt(roleOf(match, cx.text, start, end), pos, cx.offset + end));
}

/** A value that the template writes is a word of its sentence; a tag alone at an edge of a line is none. */
function roleOf(match: RegExpExecArray, text: string, start: number, end: number): string {
  if (match.groups?.['expression'] !== undefined) return 'Gap';
  if (isLineEdge(text, start, -1) || isLineEdge(text, end, 1)) return 'HardBreak';
  return match.groups?.['shortcode'] === undefined ? 'HiddenMark' : 'Gap';
}

function isLineEdge(text: string, from: number, step: 1 | -1): boolean {
  let at = step < 0 ? from - 1 : from;
  while (text[at] === ' ' || text[at] === '\t') at += step;
  return text[at] === undefined || text[at] === '\n';
}

function parseAttributes(cx: InlineContext, next: number, pos: number): number {
  if (next !== 123 /* { */) return -1;
  attributes.lastIndex = pos - cx.offset;
  const [found] = attributes.exec(cx.text) ?? [];
  return found === undefined ? -1 : cx.addElement(cx.elt('HiddenMark', pos, pos + found.length));
}
