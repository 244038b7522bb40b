import type { BlockContext, InlineContext, LeafBlock, Line, MarkdownConfig } from '@lezer/markdown';
import { elementRole } from '../tags/elements';
import { CodeBrackets } from './codeBrackets';
import { addHiddenLines } from './proseLine';

/*
 * MDX: Markdown with JSX and JavaScript in the place of HTML and of indented code. Modules (`import`, `export`),
 * expressions in braces, comments, tags and their attributes are code; what stands between tags is Markdown.
 */

/** A keyword of a module alone makes no code: `import duties rose`. */
const moduleStart =
  /^(?:import\s*(?:["'{*]|[\w$]+\s*(?:,|\bfrom\b))|export\s+(?:default\b|const\b|let\b|var\b|async\b|function\b|class\b|[{*]))/;

const tagStart = /^<(?:\/?[a-z_$][\w.:$-]*(?=[\s/>{]|$)|\/?>)/i;
/** Elements of which the text is code. */
const codeElement = /^<(script|style|pre|textarea)\b/i;
const commentStart = /^<!--/;

/** A tag or an expression within a paragraph; longer ones are text. */
const attributeValue = String.raw`"[^"]{0,1000}"|'[^']{0,1000}'|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,500}\}){0,500}\}){0,1000}\}`;
const inlineTag = new RegExp(
  String.raw`<(?:\/?(?<name>[A-Za-z_$][\w.:$-]{0,200})(?:\s(?:[^<>{}"']|${attributeValue}){0,1000})?\/?|\/?)>|<!--[^]{0,2000}?-->`,
  'y',
);
const inlineComment = /\{\s*\/\*[\s\S]{0,2000}?\*\/\s*\}/y;
const inlineExpression = /\{(?:[^{}]|\{(?:[^{}]|\{[^{}]{0,500}\}){0,500}\}){0,1000}\}/y;

export const mdx: MarkdownConfig = {
  remove: ['IndentedCode', 'HTMLBlock', 'HTMLTag', 'Autolink'],
  parseBlock: [
    { name: 'Module', before: 'Blockquote', parse: parseModule },
    { name: 'Expression', before: 'Blockquote', parse: parseExpression },
    { name: 'Tag', before: 'Blockquote', parse: parseTag, endLeaf: endsAtTag },
  ],
  parseInline: [
    { name: 'InlineExpression', before: 'Escape', parse: parseInlineExpression },
    { name: 'InlineTag', before: 'Escape', parse: parseInlineTag },
  ],
};

/** Goes on to an empty line outside of brackets. */
function parseModule(cx: BlockContext, line: Line): boolean {
  if (cx.depth > 1 || line.pos > 0 || !moduleStart.test(line.text)) return false;
  const brackets = new CodeBrackets();
  return addHiddenLines(cx, line, (text) => {
    brackets.read(text);
    return brackets.depth === 0 && text.trim() === '';
  });
}

/** An expression that has its lines for itself. */
function parseExpression(cx: BlockContext, line: Line): boolean {
  if (line.next !== 123 /* { */) return false;
  const text = line.text.slice(line.pos);
  const end = new CodeBrackets().endOf(text);
  if (end !== undefined && text.slice(end).trim() !== '') return false;
  const brackets = new CodeBrackets();
  return addHiddenLines(cx, line, (next) => brackets.endOf(next) !== undefined);
}

function parseTag(cx: BlockContext, line: Line): boolean {
  const text = line.text.slice(line.pos);
  if (line.next !== 60 /* < */) return false;
  if (commentStart.test(text)) return addHiddenLines(cx, line, (next) => next.includes('-->'));
  if (!tagStart.test(text)) return false;
  const [, code] = codeElement.exec(text) ?? [];
  if (code !== undefined) {
    const end = new RegExp(String.raw`</${code}\s*>|^<${code}[^>]*/>`, 'i');
    return addHiddenLines(cx, line, (next) => end.test(next));
  }
  const end = new CodeBrackets('>').endOf(text);
  if (end !== undefined && text.slice(end).trim() !== '') return false;
  const brackets = new CodeBrackets('>');
  return addHiddenLines(cx, line, (next) => brackets.endOf(next) !== undefined);
}

/** A tag that has its line for itself ends a paragraph, and so does one that begins a block. */
function endsAtTag(_cx: BlockContext, line: Line, leaf: LeafBlock): boolean {
  if (line.next !== 60 /* < */) return false;
  const text = line.text.slice(line.pos);
  const [mark] = tagStart.exec(text) ?? [];
  if (mark === undefined) return false;
  const role = elementRole(mark.replace(/[</>]/g, ''));
  if (role === 'inline' || role === 'lineBreak' || role === 'gap') return false;
  return role !== 'custom' || leaf.content.trimEnd().endsWith('>') || tagHasLine(text);
}

const tagHasLine = (text: string): boolean => {
  const end = new CodeBrackets('>').endOf(text);
  return end === undefined || text.slice(end).trim() === '';
};

function parseInlineExpression(cx: InlineContext, next: number, pos: number): number {
  if (next !== 123 /* { */) return -1;
  for (const [pattern, name] of [
    [inlineComment, 'HiddenMark'],
    [inlineExpression, 'Gap'],
  ] as const) {
    pattern.lastIndex = pos - cx.offset;
    const [found] = pattern.exec(cx.text) ?? [];
    if (found !== undefined) return cx.addElement(cx.elt(name, pos, pos + found.length));
  }
  return -1;
}

function parseInlineTag(cx: InlineContext, next: number, pos: number): number {
  if (next !== 60 /* < */) return -1;
  inlineTag.lastIndex = pos - cx.offset;
  const match = inlineTag.exec(cx.text);
  if (!match) return -1;
  const role = elementRole(match.groups?.['name'] ?? '');
  const name = role === 'block' || role === 'lineBreak' ? 'HardBreak' : 'HiddenMark';
  return cx.addElement(cx.elt(name, pos, pos + match[0].length));
}
