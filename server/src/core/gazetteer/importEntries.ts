import { parse as parseCsv } from 'csv-parse/sync';
import { parseJson } from '../json/parseJson';
import { patternProblem } from './gazetteer';
import { maximumPatternLength } from './gazetteerEntry';

/** An entry as a rule file has it. */
export interface ImportedEntry {
  readonly text?: string;
  readonly pattern?: string;
  readonly type: string;
  readonly caseSensitive?: boolean;
}

export interface ImportedEntries {
  readonly entries: readonly ImportedEntry[];
  /** How many lines say nothing that a gazetteer can hold. */
  readonly skipped: number;
}

const textColumns = ['text', 'term', 'name', 'phrase', 'pattern'];
const typeColumns = ['type', 'label', 'entity'];

/**
 * Reads CSV with a header that names a text column and maybe one of types, or without: text, then type.
 *
 * @param fallbackType for rows that name none.
 * @throws where the text is no CSV.
 */
export function importCsv(content: string, fallbackType: string): ImportedEntries {
  const rows: string[][] = parseCsv(content, {
    bom: true,
    delimiter: content.slice(0, content.search(/[\r\n]|$/u)).includes('\t') ? '\t' : [',', ';'],
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  });
  const header = rows[0]?.map((cell) => cell.toLowerCase()) ?? [];
  const named = header.findIndex((cell) => textColumns.includes(cell));
  const [textColumn, typeColumn, body] =
    named < 0 ? [0, 1, rows] : [named, header.findIndex((cell) => typeColumns.includes(cell)), rows.slice(1)];
  return collect(body, (row) => {
    const text = row[textColumn];
    return text ? { text, type: row[typeColumn] || fallbackType } : undefined;
  });
}

/**
 * Reads JSON lines or a JSON list of entries: `{ "text", "type" }`, or patterns of spaCy's EntityRuler, `{ "label",
 * "pattern" }`, where the pattern is a text or a list of tokens with `LOWER`, `TEXT` or `ORTH` each.
 *
 * @throws JsonError where it is no JSON.
 */
export function importJson(content: string, fallbackType: string): ImportedEntries {
  const text = content.replace(/^\ufeff/u, '');
  const items = text.trimStart().startsWith('[')
    ? (parseJson(text) as unknown[])
    : text.split(/\r?\n/u).flatMap((line, index) => (line.trim() === '' ? [] : [parseJson(line, index + 1)]));
  return collect(items, (item) => toEntry(item, fallbackType));
}

function collect<T>(items: readonly T[], read: (item: T) => ImportedEntry | undefined): ImportedEntries {
  const entries = items.map(read).filter((entry) => entry !== undefined);
  return { entries, skipped: items.length - entries.length };
}

function toEntry(item: unknown, fallbackType: string): ImportedEntry | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { text, type, label, pattern } = item as Record<string, unknown>;
  const name = isText(label) ? label : isText(type) ? type : fallbackType;
  if (isText(text)) return { text, type: name };
  // EntityRuler compares texts as they are written.
  if (isText(pattern)) return { text: pattern, type: name, caseSensitive: true };
  return Array.isArray(pattern) ? fromTokens(pattern, name) : undefined;
}

/** Tokens of a text are taken to have one space between them. */
function fromTokens(tokens: readonly unknown[], type: string): ImportedEntry | undefined {
  const words = tokens.map(toWord);
  if (words.length === 0 || !words.every((word) => word !== undefined)) return undefined;
  const exact = words.filter(({ isExact }) => isExact).length;
  const text = words.map((word) => word.text).join(' ');
  if (exact === 0) return { text, type };
  if (exact === words.length) return { text, type, caseSensitive: true };
  const pattern = words
    .map((word) => (word.isExact ? quote(word.text) : `(?i:${quote(word.text)})`))
    .join(' ');
  const bounded = String.raw`\b${pattern}\b`;
  const isUsable = bounded.length <= maximumPatternLength && patternProblem(bounded) === undefined;
  return isUsable ? { pattern: bounded, type, caseSensitive: true } : undefined;
}

function toWord(token: unknown): { readonly text: string; readonly isExact: boolean } | undefined {
  if (typeof token !== 'object' || token === null) return undefined;
  const [[key, value] = [], ...others] = Object.entries(token);
  if (others.length > 0 || !isText(value)) return undefined;
  if (key === 'LOWER') return { text: value, isExact: false };
  return key === 'TEXT' || key === 'ORTH' ? { text: value, isExact: true } : undefined;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const quote = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/gu, String.raw`\$&`);
