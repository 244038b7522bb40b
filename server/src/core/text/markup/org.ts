import { GAP } from '../prose';
import { gap, lineEnd, marks, note, nothing } from './inlineRules';
import { behind, cells, type LineLanguage, type LineReading, noProse, text } from './lineMarkup';

/*
 * Org. Blocks of code and examples, drawers, comments, trees marked COMMENT and planning are left out. What a heading
 * begins with is a state of a task only if it is one of Org's own or if the file says so above.
 */

const codeBlock = /^\s*#\+begin_(src|example|export|comment|latex|html|ascii|elisp)\b/i;
const proseKeyword = /^\s*#\+(?:title|subtitle|caption|description|author|attr_title):[ \t]*/i;
const keyword = /^\s*#(?:\+|\s|$)/;
const drawer = /^\s*:[\w-]+:\s*$/;
const stars = /^(\*+)[ \t]+/;
const taskWords = /^#\+(?:seq_|typ_)?todo:(.*)$/i;
const ownTaskWords: readonly string[] = ['TODO', 'DONE'];
const priority = /^\[#\w+\](?:[ \t]+|$)/;
const commented = /^COMMENT(?:[ \t]+|$)/;
const tags = /[ \t]+:[\w@#%:]+:\s*$/;
const planning = /^\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):/;
const listMark = /^(?:\s*(?:[-+]|\d{1,4}[.)])|\s+\*)[ \t]+(?:\[[ X-]\][ \t]+)?/;
const footnote = /^\[fn:[\w-]{1,60}\][ \t]*/;

/** Left out up to a line that begins with this, in small letters. */
const until = 'until ';
/** In a tree that is left out, below a heading of so many stars. */
const below = 'below ';
/** Each line is one of its own. */
const inVerse = 'verse';

/** Behind the file's own words for tasks in a state. */
const wordsEnd = '\t';
/** No file has more words than that; the state is kept with each paragraph. */
const maxWords = 500;

/** Entities that stand for a blank or a dash; others are gaps. */
const entities: Readonly<Record<string, string>> = {
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  dots: '…',
  amp: '&',
  shy: '',
};

export const org: LineLanguage = {
  read(line, context) {
    const [words = '', state] = context.state?.split(wordsEnd) ?? [];
    const reading = readLine(line, state || undefined, words.split(' '));
    const more = state ? undefined : taskWords.exec(line)?.[1]?.match(/[^\s|()]+(?=\(|\s|$)/g);
    const known = more ? `${words} ${more.join(' ')}`.trim().slice(0, maxWords) : words;
    return {
      ...reading,
      state: known ? known + wordsEnd + (reading.state ?? '') : reading.state && wordsEnd + reading.state,
    };
  },
  inline: [
    { pattern: String.raw`\[\[[^\][\r\n]{1,1000}\]\[(?<text>[^\][]{1,1000})\]\]`, as: '' },
    gap(String.raw`\[\[[^\][\r\n]{1,1000}\]\]|\[cite[^\]\r\n]{1,500}\]`),
    note(
      String.raw`\[fn:[\w-]{0,60}:(?<text>(?:[^\][]|\[\[[^\][]{1,500}\](?:\[[^\][]{1,500}\])?\]){1,1000})\]`,
    ),
    lineEnd(String.raw`\\\\(?=[ \t]*$)`),
    nothing(String.raw`\s?\[fn:[\w-]{1,60}\]|@@[^@\r\n]{1,500}@@|\\-`),
    { pattern: '<<<(?<text>[^<>\\r\\n]{1,200})>>>', as: '' },
    nothing(String.raw`<<[^<>\r\n]{1,200}>>[ \t]?|(?:(?<=^)|[ \t])\[(?:\d{0,4}\/\d{0,4}|\d{0,3}%)\]`),
    gap(String.raw`[<[]\d{4}-\d\d-\d\d[^>\]\r\n]{0,60}[>\]]`),
    gap(String.raw`(?<![\p{L}\p{N}])[=~](?=\S)[^=~\r\n]{1,500}(?<=\S)[=~](?![\p{L}\p{N}])`),
    gap(
      String.raw`\$\$[^$]{1,1000}\$\$|(?<![\w$])\$[^\s$](?:[^$\r\n]{0,500}[^\s$])?\$(?!\w)|\\\([^]{1,1000}?\\\)|\\\[[^]{1,1000}?\\\]`,
    ),
    gap(String.raw`\bcall_[\w-]{1,60}(?:\[[^\]\r\n]{0,200}\])?\([^()\r\n]{0,300}\)(?:\[[^\]\r\n]{0,200}\])?`),
    {
      pattern: String.raw`\\[a-zA-Z]{2,30}(?:\{\})?(?![a-zA-Z])`,
      as: (found) => entities[found.slice(1).replace('{}', '')] ?? GAP,
    },
    { pattern: String.raw`(?<=\S)[_^]\{(?<text>[^{}\r\n]{1,200})\}`, as: '' },
    gap(String.raw`\bsrc_\w{1,30}(?:\[[^\]]{0,200}\])?\{[^{}]{0,500}\}|\{\{\{[^{}]{1,200}\}\}\}`),
    marks('*/_+'),
  ],
};

function readLine(line: string, state: string | undefined, words: readonly string[]): LineReading {
  const start = line.trimStart().toLowerCase();
  if (state?.startsWith(until))
    return noProse(start.startsWith(state.slice(until.length)) ? undefined : state);
  if (state?.startsWith(below)) {
    const level = stars.exec(line)?.[1]?.length ?? Number.POSITIVE_INFINITY;
    if (level > Number(state.slice(below.length))) return noProse(state);
  }
  if (state === inVerse) {
    if (start.startsWith('#+end_verse')) return noProse();
    return start.trimEnd() === '' ? noProse(state) : { ...text(line, state), isAlone: true };
  }
  if (start.trimEnd() === '') return noProse();
  if (start.startsWith('#+begin_verse')) return noProse(inVerse);
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
  const mark = stars.exec(line);
  if (mark) return readHeading(line, mark, words);
  const item = listMark.exec(line);
  if (item) return readItem(line, item[0].length);
  const label = footnote.exec(line);
  return label ? behind(label[0].length, line) : text(line);
}

/** `* TODO [#A] A heading :tag:` */
function readHeading(
  line: string,
  [mark, sign = '']: RegExpExecArray,
  words: readonly string[],
): LineReading {
  let start = mark.length;
  const [first = '', word = ''] = /^(\S+)(?:[ \t]+|$)/.exec(line.slice(start)) ?? [];
  if (ownTaskWords.includes(word) || words.includes(word)) start += first.length;
  start += priority.exec(line.slice(start))?.[0].length ?? 0;
  if (commented.test(line.slice(start))) return noProse(below + sign.length);
  const end = Math.max(tags.exec(line)?.index ?? line.length, start);
  return { prose: [{ start, end }], isAlone: true };
}

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
