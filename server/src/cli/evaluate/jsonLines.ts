import { extname } from 'node:path';
import { JsonError, parseJson } from '../../core/json/parseJson';
import { AnnotationError, type Line, splitLines } from './annotations';

/** A row of a JSON lines file, with checked access to its fields. */
export interface JsonRow {
  /** Counts from 1. */
  readonly line: number;
  /** @throws AnnotationError where it is absent, no string, or blank. */
  string(name: string): string;
  /** @throws AnnotationError where it is there and no string. */
  optionalString(name: string): string | undefined;
  /** @throws AnnotationError where it is no list of strings. */
  strings(name: string): readonly string[];
  /** @throws AnnotationError where it is there and no whole number from 0 on. */
  optionalCount(name: string): number | undefined;
  /** Rows within the row. @throws AnnotationError where it is no list of objects. */
  rows(name: string): readonly JsonRow[];
  /** A row within the row; undefined where it is absent. @throws AnnotationError where it is no object. */
  optionalRow(name: string): JsonRow | undefined;
  get(name: string): unknown;
}

const jsonExtensions = new Set(['.jsonl', '.ndjson']);

/** By the name of the file; else by its first line, which in no other format is a whole JSON object. */
export const isJsonLines = (path: string, text: string): boolean => {
  if (jsonExtensions.has(extname(path).toLowerCase())) return true;
  const [first = ''] = text.trimStart().split(/[\r\n]/u, 1);
  return first.startsWith('{') && isJsonObject(first);
};

/** Blank lines are skipped. @throws AnnotationError at the first line that is no JSON object. */
export const readJsonLines = (text: string): readonly JsonRow[] =>
  splitLines(text)
    .filter((line) => line.text.trim() !== '')
    .map((line) => {
      const value = parseLine(line);
      if (!isObject(value)) throw new AnnotationError(line.number, 'is no JSON object');
      return toRow(new Map(Object.entries(value)), line.number);
    });

const toRow = (fields: ReadonlyMap<string, unknown>, line: number): JsonRow => {
  const expect = (name: string, expected: string): never => {
    throw new AnnotationError(line, `"${name}" should be ${expected}`);
  };
  return {
    line,
    string: (name) => {
      const value = fields.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value : expect(name, 'a text, not empty');
    },
    optionalString: (name) => {
      const value = fields.get(name) ?? undefined;
      return value === undefined || typeof value === 'string' ? value : expect(name, 'a text');
    },
    strings: (name) => {
      const value = fields.get(name);
      return isStrings(value) ? value : expect(name, 'a list of texts');
    },
    optionalCount: (name) => {
      const value = fields.get(name) ?? undefined;
      return value === undefined || isCount(value) ? value : expect(name, 'a whole number');
    },
    rows: (name) => {
      const value = fields.get(name);
      return Array.isArray(value) && value.every(isObject)
        ? value.map((item) => toRow(new Map(Object.entries(item)), line))
        : expect(name, 'a list of objects');
    },
    optionalRow: (name) => {
      const value = fields.get(name) ?? undefined;
      if (value === undefined) return undefined;
      return isObject(value) ? toRow(new Map(Object.entries(value)), line) : expect(name, 'an object');
    },
    get: (name) => fields.get(name),
  };
};

const isStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseLine = ({ text, number }: Line): unknown => {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new AnnotationError(number, `is ${error.problem} at column ${error.column}`);
  }
};

const isJsonObject = (text: string): boolean => {
  try {
    return isObject(parseJson(text));
  } catch {
    return false;
  }
};
