import { type DelimiterType, InlineContext, type InlineParser, type MarkdownConfig } from '@lezer/markdown';

/*
 * What stands in brackets beside links and images: links of wikis, inline notes, and text in brackets within the text
 * of a link, which Lezer takes for a link of its own that keeps the outer one from being one.
 */

/** `[[Angela Merkel]]`, `[[people/angela|Angela Merkel]]`, in a table with `\|`. */
const wikiLink = /\[\[(?=\S)(?<target>[^[\]|\\\r\n]{1,300})(?:\\?\|(?<text>[^[\]\r\n]{1,300}))?\]\]/dy;
const embed = /!\[\[[^[\]\r\n]{1,600}\]\]/y;

/** A file, a path or a place in a document: shown to readers, but no name that a text would use. */
const path = /[/#^]|\.\w{1,5}$/;

/** Where a link leads that a template writes: `({{< ref "a.md" >}})`, `({% link a.md %})`. */
const templateTarget =
  /\([^\s(){}]{0,300}(?:\{\{[^{}\n]{1,300}\}\}|\{%[^%\n]{1,300}%\})[^\s(){}]{0,300}(?:[ \t]+"[^"\n]{0,300}")?[ \t]*\)/y;

const noteStart: DelimiterType = {};

export const brackets: MarkdownConfig = {
  defineNodes: ['WikiLink', 'InlineNote', 'BracketedText'],
  parseInline: [
    { name: 'WikiLink', before: 'Link', parse: parseWikiLink },
    { name: 'Embed', before: 'Image', parse: parseEmbed },
    { name: 'InlineNoteStart', before: 'Link', parse: parseNoteStart },
    { name: 'ClosingBracket', before: 'LinkEnd', parse: parseClosingBracket },
  ],
};

function matchAt(pattern: RegExp, cx: InlineContext, pos: number): RegExpExecArray | null {
  pattern.lastIndex = pos - cx.offset;
  return pattern.exec(cx.text);
}

function parseWikiLink(cx: InlineContext, next: number, pos: number): number {
  if (next !== 91 /* [ */ || cx.char(pos + 1) !== 91) return -1;
  const match = matchAt(wikiLink, cx, pos);
  if (!match) return -1;
  const end = pos + match[0].length;
  const { target, text } = match.indices?.groups ?? {};
  const shown = text ?? target;
  if (!shown || (!text && path.test(match.groups?.['target'] ?? '')))
    return cx.addElement(cx.elt('Gap', pos, end));
  return cx.addElement(
    cx.elt('WikiLink', pos, end, [
      cx.elt('HiddenMark', pos, cx.offset + shown[0]),
      cx.elt('HiddenMark', cx.offset + shown[1], end),
    ]),
  );
}

function parseEmbed(cx: InlineContext, next: number, pos: number): number {
  if (next !== 33 /* ! */ || cx.char(pos + 1) !== 91 || cx.char(pos + 2) !== 91) return -1;
  const match = matchAt(embed, cx, pos);
  return match ? cx.addElement(cx.elt('Gap', pos, pos + match[0].length)) : -1;
}

function parseNoteStart(cx: InlineContext, next: number, pos: number): number {
  if (next !== 94 /* ^ */ || cx.char(pos + 1) !== 91) return -1;
  return cx.addDelimiter(noteStart, pos, pos + 2, true, false);
}

/** Whether what stands behind a closing bracket makes a link of it in any case. */
const opensTarget = (code: number): boolean => code === 40 /* ( */ || code === 91; /* [ */

function parseClosingBracket(
  cx: InlineContext,
  next: number,
  pos: number,
): ReturnType<InlineParser['parse']> {
  if (next !== 93 /* ] */) return -1;
  const index = innermost(cx, [InlineContext.linkStart, InlineContext.imageStart, noteStart]);
  const opening = index === undefined ? null : cx.getDelimiterAt(index);
  if (index === undefined || !opening) return -1;
  const { type, from, to } = opening;
  if (cx.skipSpace(to) === pos) return -1;
  const end = pos + 1;
  const finish = (name: string, behind = end): number =>
    cx.addElement(
      cx.elt(name, from, behind, [
        cx.elt('LinkMark', from, to),
        ...cx.takeContent(index),
        cx.elt('LinkMark', pos, end),
      ]),
    );
  if (type === noteStart) return finish('InlineNote');
  const target = matchAt(templateTarget, cx, end);
  if (target) return finish(type === InlineContext.imageStart ? 'Image' : 'Link', end + target[0].length);
  if (type !== InlineContext.linkStart || opensTarget(cx.char(end))) return -1;
  const content = cx.takeContent(index);
  const isInLinkText = cx.findOpeningDelimiter(InlineContext.linkStart) !== null;
  return cx.addElement(
    isInLinkText
      ? cx.elt('BracketedText', from, end, content)
      : cx.elt('Link', from, end, [cx.elt('LinkMark', from, to), ...content, cx.elt('LinkMark', pos, end)]),
  );
}

/** The index of the opening delimiter that was met last. */
function innermost(cx: InlineContext, types: readonly DelimiterType[]): number | undefined {
  const found = types.map((type) => cx.findOpeningDelimiter(type) ?? -1);
  const last = Math.max(...found);
  return last < 0 ? undefined : last;
}
