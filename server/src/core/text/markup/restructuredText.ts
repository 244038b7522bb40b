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
  `admonition attention caution danger error hint important note tip warning seealso todo topic sidebar rubric epigraph highlights pull-quote compound container centered
  list-table table glossary only tab tab-item dropdown card grid figure`.split(/\s+/),
);
/** Their argument is the beginning of a paragraph, not a title. */
const admonitions = new Set(
  'attention caution danger error hint important note tip warning seealso todo'.split(' '),
);
/** Their argument is no prose, what is below them is. */
const withoutArgument = new Set('figure only container glossary grid'.split(' '));
/** Their argument is a version, and text behind it. */
const versions = new Set('versionadded versionchanged versionremoved deprecated'.split(' '));
/** Sphinx's descriptions of parts of a program, in any domain: signatures, and below them prose. */
const descriptions = new Set(
  `attribute class classmethod cmdoption concept confval constructor data decorator decoratormethod describe directive
  enum enumerator envvar event exception function macro member method namespace object operator option property role
  setting signal staticmethod struct type union var variable`.split(/\s+/),
);
/** Roles of which the text is prose; of others it is a name in a program, a path, a key. */
const proseRoles =
  '(?:abbr|abbreviation|ac|acronym|dfn|emphasis|guilabel|smallcaps|strong|su[bp]|subscript|superscript|t|term|title|title-reference)';

const indentation = (line: string): number => line.length - line.trimStart().length;

const adornment = /^\s*([!-/:-@[-`{-~])\1{2,}\s*$/;
const directive = /^\s*\.\.[ \t]+(?:\|[^|]+\|[ \t]+)?([\w:.+-]+)::(?:[ \t]+|$)/;
const footnote = /^\s*\.\.[ \t]+\[[^\]\s]{1,60}\](?:[ \t]+|$)/;
/** Also one within the other, as rows and cells of a `list-table` are. A capital with a stop is rather an initial. */
const listMark =
  /^\s*(?:[-*+•‣⁃][ \t]+){0,3}(?:[-*+•‣⁃]|(?:\d{1,4}|[a-z#]|[ivxlc]{1,6})[.)]|[A-Z]\)|\((?:\d{1,4}|[a-zA-Z#])\))[ \t]+/;
const field = /^\s*:(?![\s:])[^:\r\n]{1,100}:(?:[ \t]+|$)/;
/** The beginning of a line in a table with borders; where a cell goes on through several rows it is not all border. */
const gridBorder = /^\s*\+(?:[-=]+\+)+/;
const gridSeparator = /\+(?:[-=]+\+)+|\|/g;
const simpleTableBorder = /^\s*={2,}(?:[ \t]+={2,})+\s*$/;

/** The lines that are indented by more than a number of blanks are left out. */
const skipBelow = 'below ';
const inOptions = 'options';
const inDoctest = 'doctest';
/** Up to an empty line. */
const inSignature = 'signature';
/** Behind `..` alone: a comment, if what is indented follows at once. */
const inComment = 'comment ';
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
    if (state?.startsWith(inComment)) {
      const indent = Number(state.slice(inComment.length));
      if (indentation(line) > indent) return noProse(skipBelow + indent);
      return readLine(line, { ...context, state: undefined });
    }
    if (state === inDoctest || state === inSignature) return noProse(state);
    if (state === inOptions && field.test(line)) return noProse(state);
    if (state === inTable && !paragraph) {
      return simpleTableBorder.test(line) ? noProse(state) : { ...columns(line), state };
    }
    return readLine(line, context);
  },
  inline: [
    gap('``[^`\\r\\n]{1,1000}``'),
    { pattern: String.raw`:${proseRoles}:\x60(?<text>[^\x60<]{1,500})\x60`, as: '' },
    { pattern: String.raw`\x60(?<text>[^\x60<]{1,500})\x60:${proseRoles}:`, as: '' },
    gap(String.raw`:[\w:+-]{1,60}:\x60[^\x60<]{1,500}\x60|\x60[^\x60<]{1,500}\x60:[\w+-][\w:+-]{0,60}:`),
    { pattern: String.raw`:[\w:+-]{1,60}:\x60(?<text>[^\x60<]{1,500}) <[^\x60<>]{1,500}>\x60`, as: '' },
    { pattern: String.raw`\x60(?<text>[^\x60<]{1,500}?)(?:\s+<[^\x60<>]{1,1000}>)?\x60(?:__?)?`, as: '' },
    nothing(String.raw`\s?\[(?:\d{1,4}|#[\w-]{0,60}|\*|[\w-]{1,60})\]_(?!\w)`),
    gap(String.raw`(?<![\w|])\|[^|\s][^|\r\n]{0,100}\|__?`),
    gap(String.raw`(?<![\w|])\|[^|\s](?:[^|\r\n]{0,100}[^|\s])?\|(?![\w|])`),
    nothing(String.raw`(?<=\w)__?(?![\w_])`),
    nothing(String.raw`\\\s`),
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
  if (adornment.test(line)) return noProse();
  if (gridBorder.test(line)) return gridRow(line);
  if (/^\s*>>>/.test(line)) return noProse(inDoctest);
  if (/^\s*__?\s/.test(line)) return noProse();
  const note = footnote.exec(line);
  if (note) return behind(note[0].length, line);
  const found = readDirective(line);
  if (found) return found;
  if (/^\s*\.\.\s*$/.test(line)) return noProse(inComment + indent);
  if (/^\s*\.\.\s/.test(line)) return noProse(skipBelow + indent);
  if (/^\s*\|.*[|+]\s*$/.test(line)) return gridRow(line);
  if (/^\s*\|\s/.test(line)) return behind(indent + 1, line, true);
  const begun = listMark.exec(line) ?? field.exec(line);
  // A line of a paragraph that begins with a number or a dash is text.
  if (begun && (!paragraph || indent !== paragraph.column))
    return withLiteral(behind(begun[0].length, line), line, indent);
  const reading = text(line, state === inTable ? state : undefined);
  const isText = !paragraph || indent === paragraph.column || (paragraph.isMarked && indent > 0);
  return withLiteral({ ...reading, isText }, line, indent);
}

/** @returns undefined for directives without prose, and lines without directives. */
function readDirective(line: string): LineReading | undefined {
  const [mark, written] = directive.exec(line) ?? [];
  if (mark === undefined || written === undefined) return undefined;
  const name = written.toLowerCase().replace(/^[\w-]+:/, '');
  if (descriptions.has(name)) return noProse(inSignature);
  const isVersion = versions.has(name);
  if (!isVersion && !proseDirectives.has(name)) return undefined;
  const argument = isVersion
    ? mark.length + (/^\S*\s*/.exec(line.slice(mark.length))?.[0].length ?? 0)
    : mark.length;
  return withoutArgument.has(name) || argument === line.length
    ? noProse(inOptions)
    : { ...behind(argument, line, !isVersion && !admonitions.has(name)), state: inOptions };
}

const gridRow = (line: string): LineReading => cells(line, gridSeparator);

/** A paragraph that ends with `::` announces a literal block. */
const withLiteral = (reading: LineReading, line: string, indent: number): LineReading =>
  /::\s*$/.test(line) ? { ...reading, state: skipBelow + indent } : reading;
