import { gap, lineEnd, marks, note, nothing } from './inlineRules';
import { type LineLanguage, type LineReading, noProse } from './lineMarkup';
import { isContent, type OpenBrackets, plainArguments, readBrackets } from './typstBrackets';

/*
 * Typst. Code, from a `#let`, `#set`, `#show` or a call to its last bracket, is left out, and the content in square
 * brackets in it is read. Typst's own parser is WebAssembly of several megabytes.
 */

/** Code to the end of the line: statements, and calls that make blocks. */
const statement = new RegExp(
  String.raw`^\s*#(?:(?:let|set|show|import|include|if|for|while|return|context|pagebreak|bibliography|outline|v|table|figure|grid|image|block|align|stack|place)\b|[\w.-]+(?:${plainArguments})?\[\s*$)`,
);
const heading = /^\s*=+[ \t]+/;
const listMark = /^\s*(?:[-+]|\d{1,4}\.)[ \t]+/;
const termMark = /^\s*\/[ \t]+([^:]{1,200}):[ \t]*/;
/** What is left of a line where code ends. */
const onlyBrackets = /^[\s()[\]{},;]*$/;

/** Left out up to a fence of so many backticks, or to the end of a comment. */
type Hidden = string;
const inComment = '*/';

/** Between what is left out and the brackets around it. */
const separator = ' ';

const stateOf = (hidden: Hidden, open: OpenBrackets): string | undefined =>
  hidden || open ? hidden + separator + open : undefined;

export const typst: LineLanguage = {
  read(line, { state, paragraph }) {
    const [hidden = '', before = ''] = state?.split(separator) ?? [];
    if (hidden) return noProse(line.includes(hidden) ? stateOf('', before) : state);
    const open = paragraph ? before : before.replaceAll('m', 'M');
    if (line.trim() === '') return noProse(stateOf('', open.replace(/\$+$/, '')));
    if (/^\s*\/\//.test(line)) return noProse(stateOf('', open));
    if (/^\s*\/\*/.test(line)) return noProse(stateOf(line.includes(inComment) ? '' : inComment, open));
    const fence = /^\s*(`{3,})(?!.*\1)/.exec(line)?.[1];
    if (fence !== undefined) return noProse(stateOf(fence, open));
    if (!isContent(open) || statement.test(line)) return readFrom(line, 0, open, isContent(open));
    const title = heading.exec(line);
    if (title) return { ...readFrom(line, title[0].length, open), isAlone: true };
    const item = listMark.exec(line);
    if (item) return readFrom(line, item[0].length, open);
    const term = termMark.exec(line);
    if (term) return readTerm(line, term, open);
    const start = line.length - line.trimStart().length;
    const reading = readFrom(line, start, open);
    return reading.prose[0]?.start === start ? { ...reading, isText: true } : reading;
  },
  inline: [
    gap('`{3}[^]{0,2000}?`{3}|`[^`\\r\\n]{1,500}`'),
    gap(String.raw`\$(?:\\\$|[^$]){1,1000}\$`),
    note(String.raw`#footnote\[(?<text>(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]{0,300}\]){0,500}\]){1,1000})\]`),
    lineEnd(String.raw`#linebreak\([^()\r\n]{0,60}\)|\\(?=\s|$)`),
    nothing(String.raw`#(?:h|v|label)\([^()\r\n]{0,60}\)`),
    {
      pattern: String.raw`#[\w.-]{1,60}(?:${plainArguments})?\[(?<text>(?:[^[\]]|\[(?:[^[\]]|\[[^[\]]{0,300}\]){0,500}\]){1,1000})\]`,
      as: '',
    },
    // A body that goes on in another paragraph.
    nothing(String.raw`#[\w.-]{1,60}(?:${plainArguments})?\[`),
    gap(String.raw`#[a-zA-Z_][\w.-]{0,60}(?:${plainArguments})?;?`),
    nothing(String.raw`<[\w:.-]{1,60}>|//.*$|/\*[^]{0,2000}?\*/`),
    gap(String.raw`(?<!\w)@[\w:.-]{0,60}\w(?:\[[^\]]{0,200}\])?`),
    { pattern: String.raw`\\u\{[\da-fA-F]{1,6}\}`, as: toCharacter },
    { pattern: String.raw`\\(?<text>[^\s\w])`, as: '' },
    { pattern: '~', as: ' ' },
    { pattern: '---', as: '—' },
    { pattern: '--', as: '–' },
    marks('*_'),
  ],
};

function readFrom(line: string, from: number, before: OpenBrackets, isStatement = false): LineReading {
  const { prose: content, isOpen, open } = readBrackets(line, from, before, isStatement);
  const prose = content.filter(({ start, end }) => !onlyBrackets.test(line.slice(start, end)));
  // What goes on must be the last content of the line, which may be left out.
  return { prose, isAlone: !isOpen || prose.at(-1) !== content.at(-1), state: stateOf('', open) };
}

/** `/ Term: What it means`, both of them blocks. */
function readTerm(line: string, [mark, name = '']: RegExpExecArray, open: OpenBrackets): LineReading {
  const start = line.indexOf(name);
  const meaning = readFrom(line, mark.length, open);
  return { ...meaning, prose: [{ start, end: start + name.length }, ...meaning.prose] };
}

/** `\u{2019}` */
function toCharacter(found: string): string {
  const code = Number.parseInt(found.slice('\\u{'.length), 16);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\uFFFD' : String.fromCodePoint(code);
}
