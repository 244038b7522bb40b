import { GAP } from '../prose';
import { gap, lineEnd, marks, note, nothing, reference } from './inlineRules';
import { behind, cells, type LineLanguage, type LineReading, noProse, text } from './lineMarkup';

/*
 * AsciiDoc. Blocks in delimiters of code, passthroughs and comments are left out, those of the others are read as
 * what is inside. What a block is by its attributes is known for code, formulas and diagrams.
 */

/** Nothing but the characters of the delimiter, or behind backticks the name of a language. */
const opaqueDelimiter = /^(?:(-{4,}|\.{4,}|\+{4,}|\/{4,})[ \t]*$|(`{3,})[^`]*$)/;
const transparentDelimiter = /^(?:={4,}|\*{4,}|_{4,}|--|[,:|!]===|'{3,}|<{3}|-{3}|\*{3}|\+)\s*$/;
const table = /^[,:|!]===\s*$/;
const codeAttributes =
  /^\[(?:%?(?:source|listing|literal|stem|latexmath|asciimath|plantuml|mermaid|ditaa|graphviz|pass|comment)\b|,)[^\]]*\]\s*$/;
const attributes =
  /^(?:\[.*\]|:!?[\w-]+!?:.*|\/\/(?!\/).*|(?:image|include|video|audio|toc|ifn?def|ifeval|endif)::.*)\s*$/;
const heading = /^(?:={1,6}|#{1,6})[ \t]+/;
const blockTitle = /^\.(?=[^\s.])/;
const listMark = /^\s*(?:\*{1,6}|-|\.{1,6}|\d{1,4}\.|[a-zA-Z]\.|<[\d.]{1,4}>)[ \t]+(?:\[[ x*]\][ \t]+)?/;
const term = /^\s*(?=\S)(.{1,200}?)(?::{2,4}|;;)(?:[ \t]+|$)/;
const admonition = /^(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+/;

/** Left out up to the same delimiter. */
const untilDelimiter = 'until ';
/** Left out up to an empty line, or, at a delimiter, with its block. */
const inCode = 'code';
const inTable = 'table';
/** Behind a term: what it means may be indented in the lines below. */
const inTerm = 'term';

/** Attributes that stand for characters, by AsciiDoc's names. */
const characters: Readonly<Record<string, string>> = {
  ...{ empty: '', sp: ' ', nbsp: ' ', zwsp: '', wj: '', apos: "'", quot: '"', amp: '&', lt: '<', gt: '>' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', deg: '°', plus: '+', brvbar: '¦', vbar: '|' },
  ...{ startsb: '[', endsb: ']', caret: '^', asterisk: '*', tilde: '~', backslash: '\\', backtick: '`' },
};

/** What a macro shows: without quotes, the mark of a new window, and attributes by name. */
const linkText = String.raw`\["?(?<text>[^\]\r\n][^\]]{0,500}?)"?\^?(?:,[ \t]*[\w-]{1,30}=[^\]]{0,300})?\]`;

export const asciiDoc: LineLanguage = {
  read(line, { state, paragraph }) {
    const trimmed = line.trimEnd();
    if (state?.startsWith(untilDelimiter)) {
      return noProse(trimmed === state.slice(untilDelimiter.length) ? undefined : state);
    }
    const [, delimiter, fence] = opaqueDelimiter.exec(line) ?? [];
    if (delimiter !== undefined || fence !== undefined) return noProse(untilDelimiter + (delimiter ?? fence));
    if (trimmed === '') return noProse(state === inTable || state === inTerm ? state : undefined);
    if (table.test(line)) return noProse(state === inTable ? undefined : inTable);
    if (state === inCode) return noProse(/^(?:={4,}|\*{4,}|_{4,}|--)$/.test(trimmed) ? undefined : state);
    if (codeAttributes.test(line)) return noProse(inCode);
    if (transparentDelimiter.test(line) || attributes.test(line)) return noProse(state);
    if (state === inTable) return readRow(line);
    const mark = heading.exec(line) ?? blockTitle.exec(line);
    if (mark) return behind(mark[0].length, line, true);
    const begun = listMark.exec(line) ?? admonition.exec(line);
    if (begun) return behind(begun[0].length, line);
    if (term.test(line)) return readTerm(line);
    // An indented paragraph is code.
    const isCode = !paragraph && state !== inTerm && /^\s/.test(line);
    return isCode ? noProse(inCode) : text(line);
  },
  inline: [
    { pattern: String.raw`(?:https?|ftp|mailto|link|xref):[^\s[\]]{1,1000}${linkText}`, as: '' },
    gap(String.raw`(?:link|xref):[^\s[\]]{1,1000}\[\]`),
    { pattern: '<<[^<>,\\r\\n]{1,200},(?<text>[^<>]{1,500})>>', as: '' },
    gap(String.raw`<<[^<>,\r\n]{1,200}>>`),
    gap(
      String.raw`\b(?:pass|stem|latexmath|asciimath|kbd|btn|menu|image|icon):[^\s[\]]{0,500}\[[^\]]{0,500}\]`,
    ),
    note(String.raw`footnote:[\w-]{0,60}\[(?<text>(?:[^[\]]|\[[^[\]]{0,300}\]){1,1000})\]`),
    nothing(String.raw`footnote:[\w-]{1,60}\[\]`),
    nothing(String.raw`\[\[[^\]]{1,100}\]\]|\[[#.%][^\]]{0,100}\](?=[*_#\x60])|\(\(\([^()]{1,200}\)\)\)`),
    { pattern: String.raw`\(\((?<text>[^()]{1,200})\)\)`, as: '' },
    gap(
      '`\\+[^`\\r\\n]{1,500}\\+`|(?<!["\'])`(?!["\'])[^`\\r\\n]{1,500}`|\\+{2,3}[^+]{1,500}\\+{2,3}|(?<!\\w)\\+\\S[^+\\r\\n]{0,500}\\+(?!\\w)',
    ),
    nothing('(?<=["\'])`(?=[^`\\r\\n]{1,1000}`["\'])|`(?=["\'])'),
    {
      pattern: String.raw`\{[\w-]{1,60}(?::[^{}]{0,60})?\}`,
      as: (found) => characters[found.slice(1, -1)] ?? GAP,
    },
    reference,
    { pattern: String.raw`~(?<text>[^~\s]{1,60})~`, as: '' },
    { pattern: String.raw`\^(?<text>[^^\s]{1,60})\^`, as: '' },
    lineEnd(String.raw`[ \t]\+(?=[ \t]*$)`),
    nothing(String.raw`<\d{1,3}>(?=\s*$)`),
    marks('*_#'),
  ],
};

/** `|A cell |Another`, with a specification such as `2+a` in front of the bar. */
const readRow = (line: string): LineReading =>
  /^[^|]*\|/.test(line)
    ? { ...cells(line, /(?:(?<=^|\s)[\d.+*]{0,6}[<^>]?[aehlmsd]?)?\|/g), state: inTable }
    : { prose: [{ start: 0, end: line.length }], isAlone: true, state: inTable };

/** `Term:: What it means`, both of them blocks. */
function readTerm(line: string): LineReading {
  const [mark, name] = term.exec(line) ?? [];
  if (mark === undefined || name === undefined) return text(line);
  const start = mark.indexOf(name);
  const prose = [{ start, end: start + name.length }];
  if (mark.length === line.length) return { prose, isAlone: true, state: inTerm };
  return { prose: [...prose, { start: mark.length, end: line.length }] };
}
