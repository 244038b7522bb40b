import { flatBlock } from '../flatText';
import { isIdentifier } from '../identifiers';
import { lineBreakLength, lineEndAt } from '../lines';
import { findLinks } from '../links';
import { isLongLink, maxBlockLength, pieceEnd } from '../pieces';
import { GAP, type PlacedBlock } from '../prose';
import { createBlock } from '../proseBlock';
import { ProseTextBuilder } from '../proseText';
import type { Span } from '../span';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';

export interface ColumnOptions {
  /** Names of columns, or their numbers from 1 on. All that hold text, if it is left out. */
  readonly columns?: readonly string[] | undefined;
}

interface Cell extends Span {
  readonly isQuoted: boolean;
}

interface RecordUnit extends Unit {
  /** The cells that are prose. */
  readonly cells: readonly Cell[];
}

/** A record that is not closed is given up after so many characters. */
const maxRecord = 50_000;

/** A longer cell of the first record says that it is no row of names. */
const maxName = 40;

const delimiters = [',', ';', '\t', '|'];

/** Finds the text in the cells of CSV and TSV (RFC 4180), with the delimiter that the first line has most of. */
export class DelimitedExtractor extends UnitExtractor<RecordUnit> {
  constructor({ columns }: ColumnOptions) {
    super((text) => recordUnits(text, columns));
  }
}

/** The state is the delimiter, and behind it the numbers of the chosen columns. */
function recordUnits(text: string, columns: readonly string[] | undefined): Units<PlacedBlock, RecordUnit> {
  return {
    next(offset, state) {
      if (offset >= text.length) return undefined;
      const delimiter = state?.[0] ?? guessDelimiter(text);
      const { cells, end } = readRecord(text, offset, delimiter);
      const known = state ?? delimiter + chosenColumns(text, cells, columns);
      const isHeader =
        state === undefined && (columns !== undefined || cells.every((cell) => isName(text, cell)));
      const chosen = known.slice(1).split(',');
      const prose = cells.filter((_, index) => columns === undefined || chosen.includes(String(index)));
      return {
        start: offset,
        end,
        reach: end >= text.length ? Number.POSITIVE_INFINITY : end + 1,
        state: known,
        cells: isHeader ? [] : prose,
      };
    },
    extract: ({ cells }) => cells.flatMap((cell) => cellBlocks(text, cell)),
  };
}

function guessDelimiter(text: string): string {
  const line = text.slice(0, lineEndAt(text, 0, Math.min(text.length, maxRecord))).replace(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => line.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] as string;
}

function chosenColumns(
  text: string,
  header: readonly Cell[],
  columns: readonly string[] | undefined,
): string {
  if (!columns) return '';
  const names = header.map(({ start, end }) =>
    text
      .slice(start, end)
      .replace(/^\uFEFF/, '')
      .trim(),
  );
  return names
    .flatMap((name, index) => (columns.includes(name) || columns.includes(String(index + 1)) ? [index] : []))
    .join();
}

const isName = (text: string, { start, end }: Cell): boolean =>
  end - start <= maxName && !/[.!?。！？]/.test(text.slice(start, end));

function readRecord(text: string, start: number, delimiter: string): { cells: Cell[]; end: number } {
  const cells: Cell[] = [];
  const limit = Math.min(text.length, start + maxRecord);
  for (let at = start; ; ) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? closingQuote(text, at + 1, limit) : cellEnd(text, at, limit, delimiter);
    cells.push({ start: isQuoted ? at + 1 : at, end, isQuoted });
    at = isQuoted ? cellEnd(text, Math.min(end + 1, limit), limit, delimiter) : end;
    if (at < limit && text[at] === delimiter) at++;
    else return { cells, end: Math.max(at + lineBreakLength(text, at), Math.min(start + 1, text.length)) };
  }
}

function closingQuote(text: string, from: number, limit: number): number {
  for (let at = text.indexOf('"', from); at >= 0 && at < limit; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return limit;
}

function cellEnd(text: string, from: number, limit: number, delimiter: string): number {
  let at = from;
  while (at < limit && text[at] !== delimiter && lineBreakLength(text, at) === 0) at++;
  return at;
}

function cellBlocks(text: string, cell: Cell): PlacedBlock[] {
  if (isIdentifier(text.slice(cell.start, cell.end))) return [];
  const blocks: PlacedBlock[] = [];
  for (let start = cell.start; start < cell.end; ) {
    const end = cell.end - start > maxBlockLength ? pieceEnd(text, start, cell.end) : cell.end;
    blocks.push(...(cell.isQuoted ? quotedBlock(text, { start, end }) : flatBlock(text, { start, end }, 0)));
    start = end;
  }
  return blocks;
}

/** A quotation mark is written twice in a quoted cell. */
function quotedBlock(text: string, span: Span): PlacedBlock[] {
  if (isLongLink(span)) return [];
  const source = text.slice(span.start, span.end);
  const quotes = Array.from(source.matchAll(/""/g), ({ index }) => ({
    start: index,
    end: index + 2,
    as: '"',
  }));
  const links = findLinks(source).map((link) => ({ ...link, as: GAP }));
  const builder = new ProseTextBuilder(text, span.start);
  let at = 0;
  for (const { start, end, as } of [...quotes, ...links].sort((a, b) => a.start - b.start)) {
    if (start < at) continue;
    builder.copy(span.start + at, span.start + start);
    builder.replace(span.start + start, span.start + end, as);
    at = end;
  }
  builder.copy(span.start + at, span.end);
  const block = createBlock(builder.build());
  return block ? [{ ...span, block }] : [];
}
