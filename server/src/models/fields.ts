import { EngineError } from '../core/ports';
import { mostCharacters, mostItems } from './modelLimits';

/**
 * Checked access to the fields of a JSON object that somebody else wrote. Each reader throws an EngineError that names
 * the file and the path of the field when the value is missing, of another type, or beyond its limit: texts and lists
 * have one for all, numbers each their own.
 */
export interface Fields {
  /** Whether there is such a field, and it is not null. */
  has(name: string): boolean;
  /** Unchecked; undefined where it is absent. */
  value(name: string): unknown;
  string(name: string): string;
  optionalString(name: string): string | undefined;
  nullableString(name: string): string | null;
  strings(name: string): readonly string[];
  /** May be so large that it stands for no limit at all. */
  positiveNumber(name: string): number;
  /** 0 to 1. */
  probability(name: string): number;
  positiveInteger(name: string, most: number): number;
  /** Zero or more. */
  index(name: string, most: number): number;
  /** A path that stays below the folder it is relative to. */
  relativePath(name: string): string;
  sha256(name: string): string;
  object(name: string): Fields;
  optionalObject(name: string): Fields | undefined;
  list(name: string): readonly Fields[];
  keys(): readonly string[];
  /** An error to throw. @param problem what is wrong with the field, as the end of a sentence without its full stop. */
  wrong(name: string, problem: string): EngineError;
}

/** @param place file, and field within it where the object is not the root. */
export function readFields(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new EngineError(`${place}: expected an object.`);
  }
  const record = new Map(Object.entries(value));

  function read<T>(name: string, expected: string, accepts: (field: unknown) => field is T): T {
    const field: unknown = record.get(name);
    if (typeof field === 'string' && field.length > mostCharacters)
      throw wrong(name, `has more than ${format(mostCharacters)} characters`);
    if (Array.isArray(field) && field.length > mostItems)
      throw wrong(name, `has more than ${format(mostItems)} items`);
    if (accepts(field)) return field;
    throw wrong(name, `must be ${expected}`);
  }
  const wrong = (name: string, problem: string) => new EngineError(`${place}: "${name}" ${problem}.`);
  const toFields = (field: unknown, name: string) => readFields(field, `${place}: "${name}"`);

  return {
    has: (name) => (record.get(name) ?? null) !== null,
    value: (name) => record.get(name),
    string: (name) => read(name, 'a string', isText),
    optionalString: (name) => (record.has(name) ? read(name, 'a string', isText) : undefined),
    nullableString: (name) => read(name, 'a string or null', isTextOrNull),
    strings: (name) => read(name, 'a list of strings', isTexts),
    positiveNumber: (name) => read(name, 'a positive number', isPositiveNumber),
    probability: (name) => read(name, 'a number from 0 to 1', isProbability),
    positiveInteger: (name, most) =>
      read(name, `a whole number from 1 to ${format(most)}`, isInteger(1, most)),
    index: (name, most) => read(name, `a whole number from 0 to ${format(most)}`, isInteger(0, most)),
    relativePath: (name) => read(name, 'a relative path inside its folder', isRelativePath),
    sha256: (name) => read(name, 'a SHA-256 checksum in lower-case hexadecimal digits', isSha256),
    object: (name) => toFields(record.get(name), name),
    optionalObject: (name) => (record.has(name) ? toFields(record.get(name), name) : undefined),
    list: (name) => read(name, 'a list', isList).map((item, i) => toFields(item, `${name}[${i}]`)),
    keys: () => [...record.keys()],
    wrong,
  };
}

const isText = (field: unknown): field is string => typeof field === 'string' && field !== '';
const isTextOrNull = (field: unknown): field is string | null => field === null || isText(field);
const isTexts = (field: unknown): field is string[] =>
  Array.isArray(field) && field.every((item) => isText(item) && item.length <= mostCharacters);
const isList = (field: unknown): field is unknown[] => Array.isArray(field);
const isProbability = (field: unknown): field is number =>
  typeof field === 'number' && field >= 0 && field <= 1;
const isPositiveNumber = (field: unknown): field is number => typeof field === 'number' && field > 0;
const isInteger =
  (least: number, most: number) =>
  (field: unknown): field is number =>
    typeof field === 'number' && Number.isInteger(field) && field >= least && field <= most;
const isSha256 = (field: unknown): field is string => isText(field) && /^[0-9a-f]{64}$/.test(field);
const isRelativePath = (field: unknown): field is string =>
  isText(field) && !/^[/\\]|[\\:]/.test(field) && !field.split('/').includes('..');

const format = (count: number): string => count.toLocaleString('en');
