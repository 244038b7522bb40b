import { type MappedText, MappedTextBuilder } from '../mappedText';
import { maskTokenAt } from '../maskTokens';
import type { Passage } from '../passages';
import { GAP } from '../prose';
import type { Span } from '../span';
import type { CodeItemKind } from './codeItems';
import { codeNames } from './codeNames';
import { isCommentedOutCode } from './commentedOutCode';
import { commentLines } from './commentLines';

/** What tools read: settings of linters and editors, generated marks. */
const directive =
  /^(?:subtext:ignore-|eslint-|tslint:|jshint |@ts-|prettier-ignore|biome-ignore|stylelint-|(?:v8|c8|istanbul) ignore|webpack\w+:|[#@] ?source|@jsx|noqa\b|type: *ignore|pylint:|pyright:|mypy:|fmt: *o|isort:|pragma:|nolint|clang-(?:format|tidy)|IWYU |go:[a-z]|\+build |#?(?:end)?region\b|(?:vim?|ex):|-\*-|!\/|shellcheck |rubocop:|frozen_string_literal|coding[:=]|SPDX-|<reference |@formatter:|noinspection |swiftlint:|ktlint|language=|yaml-language-server)/i;

/** `@param {Type} name - `, `\throws Type `: a tag that names something. */
const namingTag =
  /^[@\\](?:param|arg|argument|prop|property|tparam|template|typedef|throws?|exception|raises|see|augments|extends|implements|memberof|module|class|function|callback|enum|retval|since|version|author)\b(?:\[[\w,]+\])?(?:[ \t]*\{[^{}]*\})?[ \t]*(?:\[[^\]]*\]|[\w$.*&<>:#()[\]-]+)?(?:[ \t]*[-–:](?=\s))?[ \t]*/;
const otherTag = /^[@\\][A-Za-z][\w-]*(?:[ \t]*\{[^{}]*\})?(?:[ \t]*:(?=\s|$))?[ \t]*/;
/** `:param int name: ` */
const fieldTag = /^:[a-z]+(?: [^:]{0,100})?:(?=\s|$)[ \t]*/;
/** Tags of XML and HTML that begin or end a paragraph. */
const blockTags =
  /^(?:<\/?(?:summary|remarks|param|typeparam|returns|value|example|exception|para|list|item|description|term|permission|p|ul|ol|li|br|div|h[1-6]|table|tr|td|th|dl|dt|dd|blockquote|pre|code)\b[^<>]*>[ \t]*)+/;
/** `=head2 `, `=item * ` of Perl's documentation. */
const podTag = /^=(?:head\d|item|over|back|begin|end|for|encoding|pod)\b(?:[ \t]+\d+$|[ \t]*\*?[ \t]*)/;
/** `TODO(name): ` */
const noteTag = /^(?:TODO|FIXME|XXX|HACK|NOTE|BUG)\b(?:\([^()]*\))?:?[ \t]*/;
/** `Args:`, `name (str): ` of Google's style for Python. */
const sectionTag =
  /^(?:Args|Arguments|Parameters|Returns?|Yields?|Raises|Attributes|Keyword Args|Other Parameters|Examples?|Notes?):[ \t]*$/;
const typedTag = /^\*{0,2}\w+ \([\w.,[\]| ]{1,80}\):[ \t]+/;
const startTags = [namingTag, otherTag, fieldTag, blockTags, podTag, noteTag, sectionTag, typedTag];

/** Where examples and other code begin in documentation, and the lines that end them. */
const codeBlocks: readonly { readonly begin: RegExp; readonly end: RegExp; readonly isEndCode: boolean }[] = [
  { begin: /^<(pre|code)\b(?!.*<\/\1>)/, end: /<\/(?:pre|code)>/, isEndCode: true },
  { begin: /^[@\\](?:code|verbatim|dot|startuml)\b(?!.*[@\\]end)/, end: /[@\\]end/, isEndCode: true },
  { begin: /^@example\b/, end: /^@/, isEndCode: false },
  // A dialogue with Python, up to an empty line.
  { begin: /^>>>(?: |$)/, end: /^$/, isEndCode: true },
];

/** References and code within a line: to readers words, to a model nothing that it knows. */
const inlineCode =
  /\{@\w+[^{}]*\}|<(?:see|seealso|paramref|typeparamref)\b[^<>]*\/>|<(c|code|tt)>[^<>]*<\/\1>|:[\w:+-]{1,40}:`[^`]+`|`[^`'\r\n]{1,60}'(?!\w)|\b[CFL]<[^<>\r\n]{1,200}>|@f\$[^$]{1,300}@f\$|[@\\][acpe] \S{1,200}(?<![.,;:)])|[@\\][{}]/g;

/**
 * What a comment says, as Markdown, which most people write there: without markers and tags, a line for a line.
 *
 * @returns with a map relative to the start of the passage.
 */
export function commentText(text: string, passage: Passage<CodeItemKind>): MappedText {
  const builder = new MappedTextBuilder(text, passage.start);
  let at = passage.start;
  for (const line of proseLines(text, passage)) {
    const { tagEnd } = line;
    // An empty line in front of a tag's text makes a paragraph of it.
    builder.replace(at, tagEnd, tagEnd > line.start ? '\n\n' : '\n');
    writeLine(builder, text, { start: tagEnd, end: line.end });
    at = line.end;
  }
  return builder.build();
}

interface ProseLine extends Span {
  /** Behind the tag with which the line begins. */
  readonly tagEnd: number;
}

function proseLines(text: string, passage: Passage<CodeItemKind>): ProseLine[] {
  const lines: ProseLine[] = [];
  let codeBlock: (typeof codeBlocks)[number] | undefined;
  /** The indentation of the section's heading; what is below it is indented further, and no code for that. */
  let section: number | undefined;
  const isToCheck = !isDocumentation(text, passage);
  const given = commentLines(text, passage);
  const contents = given.map(({ start, end }) => text.slice(start, end).trimStart());
  const isDirective = contents.map((content) => directive.test(content));
  const isCodeLine = isToCheck
    ? isCommentedOutCode(contents.map((content, index) => (isDirective[index] ? '' : content)))
    : [];
  for (const [index, line] of given.entries()) {
    const content = contents[index] as string;
    const start = line.end - content.length;
    const indentation = start - line.start;
    if (section !== undefined && content !== '' && indentation <= section) section = undefined;
    if (sectionTag.test(content)) section = indentation;
    const isEnd = codeBlock?.end.test(content) ?? false;
    const isCode: boolean = codeBlock !== undefined && (!isEnd || codeBlock.isEndCode);
    if (isEnd) codeBlock = undefined;
    if (!isCode) codeBlock = codeBlocks.find(({ begin }) => begin.test(content));
    if (isCode || codeBlock || isCodeLine[index] || isDirective[index]) {
      lines.push({ start: line.start, end: line.start, tagEnd: line.start });
      continue;
    }
    const tag = maskTokenAt(text, start) ? 0 : startTagLength(content);
    const from = section === undefined ? line.start : start;
    lines.push({ start: from, end: line.end, tagEnd: tag > 0 ? start + tag : from });
  }
  return lines;
}

function startTagLength(content: string): number {
  for (const tag of startTags) {
    const match = tag.exec(content);
    if (match) return match[0].length;
  }
  return 0;
}

const isDocumentation = (text: string, { start, items }: Passage<CodeItemKind>): boolean =>
  items[0]?.kind === 'doc' ||
  /^(?:\/\*[*!]|\/\/[/!]|---|-- [|^]|\{- ?\||#'|##|\(\*\*)/.test(text.slice(start, start + 4));

function writeLine(builder: MappedTextBuilder, text: string, { start, end }: Span): void {
  let at = start;
  for (const match of text.slice(start, end).matchAll(inlineCode)) {
    const from = start + match.index;
    writeWords(builder, text, { start: at, end: from });
    at = from + match[0].length;
    builder.replace(from, at, GAP);
  }
  writeWords(builder, text, { start: at, end });
}

function writeWords(builder: MappedTextBuilder, text: string, { start, end }: Span): void {
  let at = start;
  for (const { 0: name, index, groups } of text.slice(start, end).matchAll(codeNames)) {
    const from = start + index;
    if (groups?.['address'] !== undefined || maskTokenAt(text, from - 1)) continue;
    builder.copy(at, from);
    at = from + name.length;
    builder.replace(from, at, GAP);
  }
  builder.copy(at, end);
}
