import { gap, type InlineRule, marks, nothing } from './inlineRules';
import {
  behind,
  cells,
  type LineContext,
  type LineLanguage,
  type LineReading,
  noProse,
  text,
} from './lineMarkup';

/*
 * reStructuredText. Of directives, those hold prose that are listed here; all others and what is indented below them
 * are left out. Cells of tables are read line by line.
 */

const proseDirectives = new Set(
  `admonition attention caution danger error hint important note tip warning seealso todo deprecated versionadded
  versionchanged versionremoved topic sidebar rubric epigraph highlights pull-quote compound container centered
  list-table table glossary only tab tab-item dropdown card grid figure`.split(/\s+/),
);
/** Their argument is the beginning of a paragraph, not a title. */
const admonitions = new Set(
  'attention caution danger error hint important note tip warning seealso todo'.split(' '),
);
/** Their argument is no prose, what is below them is. */
const withoutArgument = new Set([
  'figure',
  'versionadded',
  'versionchanged',
  'deprecated',
  'versionremoved',
  'only',
  'container',
  'glossary',
  'grid',
]);

const indentation = (line: string): number => line.length - line.trimStart().length;

const adornment = /^\s*([!-/:-@[-`{-~])\1{2,}\s*$/;
const directive = /^\s*\.\.[ \t]+(?:\|[^|]+\|[ \t]+)?([\w:.+-]+)::(?:[ \t]+|$)/;
const footnote = /^\s*\.\.[ \t]+\[[^\]\s]{1,60}\][ \t]+/;
const listMark = /^\s*(?:[-*+•‣⁃]|(?:\d{1,4}|[a-zA-Z#]|[ivxlc]{1,6})[.)]|\((?:\d{1,4}|[a-zA-Z#])\))[ \t]+/;
const field = /^\s*:(?![\s:])[^:\r\n]{1,100}:(?:[ \t]+|$)/;
const simpleTableBorder = /^\s*={2,}(?:[ \t]+={2,})+\s*$/;

/** The lines that are indented by more than a number of blanks are left out. */
const skipBelow = 'below ';
const inOptions = 'options';
const inDoctest = 'doctest';
const inTable = 'table';

export const restructuredText: LineLanguage = {
  read(line, context) {
    const { state, paragraph } = context;
    if (state?.startsWith(skipBelow)) {
      if (line.trim() === '' || indentation(line) > Number(state.slice(skipBelow.length)))
        return noProse(state);
      return readLine(line, { ...context, state: undefined });
    }
    if (line.trim() === '') return noProse();
    if (state === inDoctest) return noProse(state);
    if (state === inOptions && field.test(line)) return noProse(state);
    if (state === inTable && !paragraph) {
      return simpleTableBorder.test(line) ? noProse(state) : { ...columns(line), state };
    }
    return readLine(line, context);
  },
  inline: [
    gap('``[^`\\r\\n]{1,1000}``'),
    gap(String.raw`:[\w:+-]{1,60}:\x60[^\x60<]{1,500}\x60`),
    { pattern: String.raw`:[\w:+-]{1,60}:\x60(?<text>[^\x60<]{1,500}) <[^\x60<>]{1,500}>\x60`, as: '' },
    { pattern: String.raw`\x60(?<text>[^\x60<]{1,500}?)(?:\s+<[^\x60<>]{1,1000}>)?\x60(?:__?)?`, as: '' },
    nothing(String.raw`\s?\[(?:\d{1,4}|#[\w-]{0,60}|\*|[\w-]{1,60})\]_(?!\w)`),
    gap(String.raw`(?<![\w|])\|[^|\s][^|\r\n]{0,100}\|__?`),
    gap(String.raw`(?<![\w|])\|[^|\s](?:[^|\r\n]{0,100}[^|\s])?\|(?![\w|])`),
    nothing(String.raw`(?<=\w)__?(?![\w_])`),
    { pattern: String.raw`\\(?<text>\S)`, as: '' },
    nothing(String.raw`(?<=:):(?=\s*$)(?![^]*\S)`),
    marks('*'),
  ] satisfies InlineRule[],
};

/** The cells of a simple table, which two blanks separate. */
const columns = (line: string): LineReading => ({
  prose: Array.from(line.matchAll(/\S+(?:\s\S+)*/g), ({ index, 0: cell }) => ({
    start: index,
    end: index + cell.length,
  })),
  isAlone: true,
});

function readLine(line: string, { state, paragraph }: LineContext): LineReading {
  const indent = indentation(line);
  if (simpleTableBorder.test(line)) return noProse(inTable);
  if (adornment.test(line) || /^\s*\+(?:[-=]+\+)+\s*$/.test(line)) return noProse();
  if (/^\s*>>>/.test(line)) return noProse(inDoctest);
  if (/^\s*__?\s/.test(line)) return noProse();
  const note = footnote.exec(line);
  if (note) return behind(note[0].length, line);
  const [mark, name] = directive.exec(line) ?? [];
  if (mark !== undefined && name !== undefined && proseDirectives.has(name)) {
    return withoutArgument.has(name) || mark.length === line.length
      ? noProse(inOptions)
      : { ...behind(mark.length, line, !admonitions.has(name)), state: inOptions };
  }
  if (/^\s*\.\.(?:\s|$)/.test(line)) return noProse(skipBelow + indent);
  if (/^\s*\|.*\|\s*$/.test(line)) return cells(line, /\|/g);
  if (/^\s*\|\s/.test(line)) return behind(indent + 1, line, true);
  const begun = listMark.exec(line) ?? field.exec(line);
  // A line of a paragraph that begins with a number or a dash is text.
  if (begun && (!paragraph || indent !== paragraph.column))
    return withLiteral(behind(begun[0].length, line), line, indent);
  const reading = text(line, state === inTable ? state : undefined);
  const isText = !paragraph || indent === paragraph.column || (paragraph.isMarked && indent > 0);
  return withLiteral({ ...reading, isText }, line, indent);
}

/** A paragraph that ends with `::` announces a literal block. */
const withLiteral = (reading: LineReading, line: string, indent: number): LineReading =>
  /::\s*$/.test(line) ? { ...reading, state: skipBelow + indent } : reading;
