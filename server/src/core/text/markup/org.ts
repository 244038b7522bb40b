import { gap, marks, nothing } from './inlineRules';
import { behind, cells, type LineLanguage, type LineReading, noProse, text } from './lineMarkup';

/* Org. Blocks of code and examples, drawers, comments and planning are left out. */

const codeBlock = /^\s*#\+begin_(src|example|export|comment|latex|html|ascii|elisp)\b/i;
const proseKeyword = /^\s*#\+(?:title|subtitle|caption|description|author|attr_title):[ \t]*/i;
const keyword = /^\s*#(?:\+|\s|$)/;
const drawer = /^\s*:[\w-]+:\s*$/;
const heading = /^\*+[ \t]+(?:[A-Z]{3,12}[ \t]+)?(?:\[#\w\][ \t]+)?(?:COMMENT[ \t]+)?/;
const tags = /[ \t]+:[\w@#%:]+:\s*$/;
const planning = /^\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):/;
const listMark = /^(?:\s*(?:[-+]|\d{1,4}[.)])|\s+\*)[ \t]+(?:\[[ X-]\][ \t]+)?/;
const footnote = /^\[fn:[\w-]{1,60}\][ \t]*/;

/** Left out up to a line that begins with this, in small letters. */
const until = 'until ';

export const org: LineLanguage = {
  read(line, { state }) {
    const start = line.trimStart().toLowerCase();
    if (state !== undefined) return noProse(start.startsWith(state.slice(until.length)) ? undefined : state);
    if (start.trimEnd() === '') return noProse();
    const block = codeBlock.exec(line)?.[1];
    if (block !== undefined) return noProse(`${until}#+end_${block.toLowerCase()}`);
    const formula = /^\\begin\{([\w*]{1,60})\}/.exec(start)?.[1];
    if (formula !== undefined) return noProse(`${until}\\end{${formula}}`);
    if (drawer.test(line)) return noProse(start.startsWith(':end:') ? undefined : `${until}:end:`);
    const title = proseKeyword.exec(line);
    if (title) return behind(title[0].length, line, true);
    if (keyword.test(line) || planning.test(line) || /^\s*(?::\s|:$|-{5,}\s*$|\|[-+|]+\s*$)/.test(line))
      return noProse();
    if (/^\s*\|/.test(line)) return cells(line, /\|/g);
    const mark = heading.exec(line);
    if (mark) {
      const end = tags.exec(line)?.index ?? line.length;
      return { prose: [{ start: Math.min(mark[0].length, end), end }], isAlone: true };
    }
    const item = listMark.exec(line);
    if (item) return readItem(line, item[0].length);
    const note = footnote.exec(line);
    return note ? behind(note[0].length, line) : text(line);
  },
  inline: [
    { pattern: String.raw`\[\[[^\][\r\n]{1,1000}\]\[(?<text>[^\][]{1,1000})\]\]`, as: '' },
    gap(String.raw`\[\[[^\][\r\n]{1,1000}\]\]|\[cite[^\]\r\n]{1,500}\]`),
    { pattern: String.raw`\[fn:[\w-]{0,60}:(?<text>[^\][]{1,1000})\]`, as: '', is: 'note' },
    nothing(String.raw`\s?\[fn:[\w-]{1,60}\]|@@[^@\r\n]{1,500}@@|\\\\(?=\s*$)|\\-`),
    gap(String.raw`[<[]\d{4}-\d\d-\d\d[^>\]\r\n]{0,60}[>\]]`),
    gap(String.raw`(?<![\p{L}\p{N}])[=~](?=\S)[^=~\r\n]{1,500}(?<=\S)[=~](?![\p{L}\p{N}])`),
    gap(
      String.raw`\$\$[^$]{1,1000}\$\$|(?<![\w$])\$[^\s$](?:[^$\r\n]{0,500}[^\s$])?\$(?!\w)|\\\([^]{1,1000}?\\\)|\\\[[^]{1,1000}?\\\]`,
    ),
    gap(String.raw`\bsrc_\w{1,30}(?:\[[^\]]{0,200}\])?\{[^{}]{0,500}\}|\{\{\{[^{}]{1,200}\}\}\}`),
    marks('*/_+'),
  ],
};

/** An item, which may have a term in front: `- Term :: What it means`. */
function readItem(line: string, start: number): LineReading {
  const separator = / ::(?:[ \t]+|$)/.exec(line.slice(start, start + 200));
  if (!separator) return behind(start, line);
  const termEnd = start + separator.index;
  const meaning = termEnd + separator[0].length;
  const name = { start, end: termEnd };
  return meaning < line.length
    ? { prose: [name, { start: meaning, end: line.length }] }
    : { prose: [name], isAlone: true };
}
