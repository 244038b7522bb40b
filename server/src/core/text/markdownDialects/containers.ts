import type { BlockContext, BlockParser, Line, MarkdownConfig } from '@lezer/markdown';
import type { Span } from '../span';
import { addProseLine, groupSpan, isOutside } from './proseLine';

/*
 * What the hosts of Markdown put around blocks: GitHub's and Obsidian's alerts, fences of colons (pandoc, VitePress,
 * Docusaurus, MyST) or slashes, and the indented admonitions and tabs of Python-Markdown. Their titles are prose.
 */

/** `::: warning A title`, `:::note[A title]{.a}`, `::: {.callout-note title="A title"}`, `:::`. */
const colonFence =
  /^:{3,}(?!:)[ \t]*(?:\{[^{}]*?(?:\btitle="(?<attribute>[^"{}]*)"[^{}]*)?\}|[\w-]+(?:\[(?<label>[^\]]*)\])?(?![\w-]))?(?:\{[^{}]*\})?(?<rest>.*?)(?:\{[^{}]*\})?[ \t]*:*[ \t]*$/d;

/** `/// note | A title`, `///`. */
const slashFence = /^\/{3,}(?:[ \t]+[\w-]+[ \t]*(?:\|(?<title>.*))?|[ \t]*)$/d;

/** `[!NOTE]` and `[!note]- A title`. */
const alert = /^\[![\w-]+(?:\|[^\]]*)?\][+-]?(?:[ \t](?<title>.*)|)$/d;

/** `!!! note "A title"`, `??? note`, `=== "A tab"`. */
const admonition =
  /^(?:(?:!!!|\?\?\?\+?)(?:[ \t]+[\w-]+)+(?:[ \t]+"(?<title>.*)")?|===[!+]?[ \t]+"(?<tab>.+)")[ \t]*$/d;

/** A longer line is text. */
const maxLine = 1_000;

/** How far the text of an admonition is indented. */
const admonitionIndent = 4;

export const containers: MarkdownConfig = {
  defineNodes: [
    {
      name: 'Admonition',
      block: true,
      composite(_cx, line, indent) {
        if (line.next >= 0 && line.indent < line.baseIndent + indent) return false;
        line.moveBaseColumn(line.baseIndent + indent);
        return true;
      },
    },
  ],
  parseBlock: [
    { name: 'ColonFence', before: 'Blockquote', parse: titleLine(fenceTitle), endLeaf: isLine(fenceTitle) },
    { name: 'Alert', before: 'Blockquote', parse: titleLine(alertTitle) },
    {
      name: 'Admonition',
      before: 'Blockquote',
      parse(cx, line) {
        const title = admonitionTitle(cx, line);
        if (title === undefined) return false;
        cx.startComposite('Admonition', line.pos, admonitionIndent);
        return addProseLine(cx, line, title ?? undefined);
      },
      // A paragraph does not go on in a line that is not indented, either.
      endLeaf: (cx, line) =>
        admonitionTitle(cx, line) !== undefined ||
        (cx.parentType().name === 'Admonition' && isOutside(cx, line)),
    },
  ],
};

/** The title in a line of mark-up; null where it has none, undefined where the line is something else. */
type TitleOf = (cx: BlockContext, line: Line) => Span | null | undefined;

function titleLine(titleOf: TitleOf): NonNullable<BlockParser['parse']> {
  return (cx, line) => {
    const title = titleOf(cx, line);
    return title === undefined ? false : addProseLine(cx, line, title ?? undefined);
  };
}

function isLine(titleOf: TitleOf): NonNullable<BlockParser['endLeaf']> {
  return (cx, line) => titleOf(cx, line) !== undefined;
}

function titleIn(line: Line, pattern: RegExp, groups: readonly string[]): Span | null | undefined {
  if (line.text.length - line.pos > maxLine) return undefined;
  const match = pattern.exec(line.text.slice(line.pos).trimEnd());
  if (!match) return undefined;
  for (const group of groups) {
    const title = groupSpan(match, group, line.pos);
    if (title) return title;
  }
  return null;
}

function fenceTitle(_cx: BlockContext, line: Line): Span | null | undefined {
  if (line.next === 58 /* : */) return titleIn(line, colonFence, ['attribute', 'label', 'rest']);
  return line.next === 47 /* / */ ? titleIn(line, slashFence, ['title']) : undefined;
}

function alertTitle(cx: BlockContext, line: Line): Span | null | undefined {
  return line.next === 91 /* [ */ && cx.parentType().name === 'Blockquote'
    ? titleIn(line, alert, ['title'])
    : undefined;
}

function admonitionTitle(_cx: BlockContext, line: Line): Span | null | undefined {
  const isMark = line.next === 33 /* ! */ || line.next === 63 /* ? */ || line.next === 61; /* = */
  return isMark ? titleIn(line, admonition, ['title', 'tab']) : undefined;
}
