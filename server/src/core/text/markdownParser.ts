import { NodeProp } from '@lezer/common';
import {
  type BlockContext,
  type BlockParser,
  type InlineParser,
  type LeafBlock,
  type LeafBlockParser,
  type Line,
  type MarkdownConfig,
  type MarkdownParser,
  parser,
  Strikethrough,
  TaskList,
} from '@lezer/markdown';
import { createLinkScanner } from './links';
import { dialectExtensions, type MarkdownDialect } from './markdownDialects/markdownDialect';
import { mathExtension } from './markdownMath';
import { TableParser, tableExtension } from './markdownTable';
import { maskTokenAt } from './maskTokens';

/*
 * GitHub's Markdown with footnotes, maths and mask tokens, and with limits that keep hostile input from costing more
 * than linear time or the stack. What goes beyond a limit is still prose, as a block of the type FlatText.
 */

/** Deeper quotes and lists are text. */
const maxDepth = 100;

/** A longer paragraph goes on as another one; a longer line is text. */
const maxLeafLength = 30_000;

/** A paragraph with more characters that may be mark-up goes on as another one. */
const maxMarks = 2_000;

/** A longer table goes on as a paragraph. */
const maxTableLength = 100_000;

/** A longer definition of a link does not go on in another line. */
const maxDefinition = 2_000;

const maxFootnoteLabel = 100;

/** The parser has no state; one is enough, but it is made by its user. */
export function createMarkdownParser(dialect: MarkdownDialect): MarkdownParser {
  return parser.configure([
    tableExtension,
    TaskList,
    Strikethrough,
    mathExtension,
    proseExtension(),
    ...dialectExtensions(dialect),
    { props: [blockRoles] },
  ]);
}

/** Whether a block node holds blocks (`container`) or, without holding any, prose. */
export const blockRole = new NodeProp<'container' | 'prose'>();

const blockRoles = blockRole.add((type) => {
  if (containerBlocks.has(type.name)) return 'container';
  return proseBlocks.has(type.name) ? 'prose' : undefined;
});

const containerBlocks: ReadonlySet<string> = new Set([
  'Document',
  'Blockquote',
  'BulletList',
  'OrderedList',
  'ListItem',
  'Admonition',
]);

const proseBlocks: ReadonlySet<string> = new Set([
  'Paragraph',
  'ATXHeading1',
  'ATXHeading2',
  'ATXHeading3',
  'ATXHeading4',
  'ATXHeading5',
  'ATXHeading6',
  'SetextHeading1',
  'SetextHeading2',
  'Task',
  'Table',
  'FootnoteDefinition',
  'FlatText',
  'ProseLine',
  'HTMLBlock',
]);

const footnoteLabel = new RegExp(String.raw`^\[\^[^\]\s]{1,${maxFootnoteLabel}}\]`);
const footnoteStart = new RegExp(`${footnoteLabel.source}:`);

function proseExtension(): MarkdownConfig {
  return {
    defineNodes: [
      { name: 'FlatText', block: true },
      { name: 'FootnoteDefinition', block: true },
      'FootnoteLabel',
      'FootnoteReference',
      'MaskToken',
      'BareLink',
    ],
    parseBlock: [
      { name: 'LeafLimit', before: 'LinkReference', leaf: (_cx, leaf) => new LeafLimit(leaf) },
      { name: 'Footnote', after: 'LinkReference', leaf: footnoteLeaf, endLeaf: beginsFootnote },
      { name: 'DepthLimit', before: 'Blockquote', parse: parseTooDeep },
      { name: 'HtmlLimit', before: 'HTMLBlock', parse: parseTooLongHtml },
      { name: 'HeadingLimit', before: 'ATXHeading', parse: parseTooLongHeading },
      { name: 'LineLimit', after: 'HTMLBlock', parse: parseTooLong },
    ],
    parseInline: [
      { name: 'Blanks', before: 'Escape', parse: skipBlanks },
      { name: 'MaskToken', before: 'Escape', parse: parseMaskToken },
      { name: 'FootnoteReference', before: 'Link', parse: parseFootnoteReference },
      // Not Lezer's parser, which is quadratic on some input and knows nothing of Chinese.
      { name: 'BareLink', parse: linkParser() },
      { name: 'HardBreakCrLf', before: 'Escape', parse: parseHardBreakCrLf },
    ],
  };
}

// Limits

const mark = /[*_~`<[\]!&\\]/g;

const countMarks = (text: string): number => text.match(mark)?.length ?? 0;

const isTooMuch = (text: string): boolean =>
  text.length > maxLeafLength || (text.length > maxMarks && countMarks(text) > maxMarks);

function addLine(cx: BlockContext, line: Line, type: 'FlatText' | 'HTMLBlock' | 'LinkReference'): true {
  const start = cx.lineStart + line.pos;
  const element = cx.elt(type, start, cx.lineStart + line.text.length);
  cx.nextLine();
  cx.addElement(element);
  return true;
}

const parseTooDeep: NonNullable<BlockParser['parse']> = (cx, line) =>
  cx.depth > maxDepth ? addLine(cx, line, 'FlatText') : false;

const parseTooLong: NonNullable<BlockParser['parse']> = (cx, line) => {
  if (!isTooMuch(line.text)) return false;
  return addLine(cx, line, longDefinition.test(line.text.slice(line.pos)) ? 'LinkReference' : 'FlatText');
};

/** Lezer looks with one regular expression at the whole line to see whether it is a tag. */
const parseTooLongHtml: NonNullable<BlockParser['parse']> = (cx, line) => {
  if (line.next !== 60 /* < */ || !isTooMuch(line.text)) return false;
  const start = line.text.slice(line.pos, line.pos + 100);
  if (!/^<\/?[a-z]/i.test(start) || /^<(?:script|pre|style|textarea)[\s>]/i.test(start)) return false;
  return inlineTag.test(start) ? addLine(cx, line, 'FlatText') : addLine(cx, line, 'HTMLBlock');
};

/** Begins a paragraph, not a block of HTML. */
const inlineTag =
  /^<\/?(?:a|abbr|b|bdi|bdo|br|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|mask|q|s|small|span|strong|sub|sup|u)\b/i;

/** An image kept in the document as a reference: `[image1]: <data:…>`. */
const longDefinition = /^\[[^\]]{1,999}\]:\s*\S+\s*$/;

const parseTooLongHeading: NonNullable<BlockParser['parse']> = (cx, line) =>
  line.text[line.pos] === '#' ? parseTooLong(cx, line) : false;

/** Ends a paragraph or a table that becomes too long or too complex before the line that is too much. */
class LeafLimit implements LeafBlockParser {
  #marks: number;

  constructor(leaf: LeafBlock) {
    this.#marks = countMarks(leaf.content);
  }

  nextLine(cx: BlockContext, line: Line, leaf: LeafBlock): boolean {
    const length = leaf.content.length + 1 + line.text.length;
    this.#marks += countMarks(line.text);
    if (length <= maxLeafLength && this.#marks <= maxMarks) return false;
    // The cells of a table are parsed by themselves, so that only its rows need to be bounded.
    const isTable = leaf.parsers.some((other) => other instanceof TableParser && other.isTable);
    if (isTable && length <= maxTableLength && !isTooMuch(line.text)) return false;
    // A line that is indented like code would be taken for code if the paragraph ended here.
    const isIndented = line.indent >= line.baseIndent + 4;
    if (isIndented && length <= 2 * maxLeafLength && this.#marks <= maxMarks) return false;
    this.#end(cx, leaf);
    return true;
  }

  finish(): boolean {
    return false;
  }

  #end(cx: BlockContext, leaf: LeafBlock): void {
    for (const other of leaf.parsers) if (other.finish(cx, leaf)) return;
    const end = leaf.start + leaf.content.length;
    const children = cx.parser.parseInline(leaf.content, leaf.start);
    cx.addLeafElement(leaf, cx.elt('Paragraph', leaf.start, end, children));
  }
}

// Footnotes and mask tokens

/**
 * Stands behind Lezer's parser of link definitions, and keeps it from reading `[MASK]: …` and `[^1]: …` as one
 * and from reading on and on: it looks at the whole paragraph again with each line.
 */
function footnoteLeaf(_cx: BlockContext, leaf: LeafBlock): LeafBlockParser | null {
  const label = footnoteStart.exec(leaf.content)?.[0];
  if (label === undefined && maskTokenAt(leaf.content, 0) === undefined) {
    leaf.parsers = leaf.parsers.map((other) => (other instanceof LeafLimit ? other : limitDefinition(other)));
    return null;
  }
  leaf.parsers = leaf.parsers.filter((other) => other instanceof LeafLimit);
  if (label === undefined) return null;
  return {
    nextLine: () => false,
    finish(cx) {
      const inlineStart = leaf.start + label.length;
      const children = [
        cx.elt('FootnoteLabel', leaf.start, inlineStart),
        ...cx.parser.parseInline(leaf.content.slice(label.length), inlineStart),
      ];
      cx.addLeafElement(
        leaf,
        cx.elt('FootnoteDefinition', leaf.start, leaf.start + leaf.content.length, children),
      );
      return true;
    },
  };
}

const beginsFootnote: NonNullable<BlockParser['endLeaf']> = (_cx, line) =>
  line.next === 91 /* [ */ && footnoteStart.test(line.text.slice(line.pos));

const limitDefinition = (inner: LeafBlockParser): LeafBlockParser => ({
  nextLine: (cx, line, leaf) => leaf.content.length <= maxDefinition && inner.nextLine(cx, line, leaf),
  finish: (cx, leaf) => inner.finish(cx, leaf),
});

const parseMaskToken: InlineParser['parse'] = (cx, next, pos) => {
  if (next !== 91 /* [ */ && next !== 60 /* < */) return -1;
  const token = maskTokenAt(cx.text, pos - cx.offset);
  return token === undefined ? -1 : cx.addElement(cx.elt('MaskToken', pos, pos + token.length));
};

const parseFootnoteReference: InlineParser['parse'] = (cx, next, pos) => {
  if (next !== 91 /* [ */ || cx.char(pos + 1) !== 94 /* ^ */) return -1;
  const label = footnoteLabel.exec(cx.slice(pos, Math.min(cx.end, pos + maxFootnoteLabel + 3)))?.[0];
  return label === undefined ? -1 : cx.addElement(cx.elt('FootnoteReference', pos, pos + label.length));
};

// Links and blanks

function linkParser(): InlineParser['parse'] {
  const linkEnd = createLinkScanner();
  return (cx, next, pos) => {
    if (!isLinkCode(next) || isLinkCode(cx.char(pos - 1))) return -1;
    const offset = pos - cx.offset;
    const end = linkEnd(cx.text, offset);
    return end < 0 ? -1 : cx.addElement(cx.elt('BareLink', pos, end + cx.offset));
  };
}

/** Whether links begin with this character, and do not begin behind it: a letter of ASCII, a digit or `_.+-`. */
const isLinkCode = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 46 ||
  code === 43 ||
  code === 45;

/** Lezer reads the CR as a blank; see MarkdownInput. */
const parseHardBreakCrLf: InlineParser['parse'] = (cx, next, pos) =>
  next === 92 /* \\ */ && cx.char(pos + 1) === 32 && cx.char(pos + 2) === 10
    ? cx.addElement(cx.elt('HardBreak', pos, pos + 3))
    : -1;

/** Passes over blanks at once, which Lezer would look at again from each of them. */
const skipBlanks: InlineParser['parse'] = (cx, next, pos) => {
  if (next !== 32) return -1;
  let end = pos + 1;
  while (cx.char(end) === 32) end++;
  return cx.char(end) === 10 ? -1 : end;
};
