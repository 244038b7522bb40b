import { patternProblem } from '../core/gazetteer/gazetteer';
import {
  type EntryMode,
  entryModes,
  type GazetteerEntry,
  maximumPatternLength,
  maximumPatterns,
} from '../core/gazetteer/gazetteerEntry';
import type { IgnoredWord } from '../core/ignore/mentionFilter';
import type { MentionInFile, RuleFile, SentenceInFile } from './ruleFile';

/** Keys and indices that lead from the root to a value. */
export type Path = readonly (string | number)[];

/** Something that is of another kind than it should be. */
export interface Fault {
  readonly path: Path;
  /** Whether it is about the name of a property and not about its value. */
  readonly isName: boolean;
  /** For a person, for instance `expected a list`. */
  readonly message: string;
}

/** So many items of a list are read in about a millisecond. */
const ITEMS_A_STEP = 500;

type Fields = Readonly<Record<string, unknown>>;

/** Reads the value of a rule file and notes its faults; all else counts. */
export class RuleReader {
  readonly faults: Fault[] = [];
  #patterns = 0;

  *read(root: unknown): Generator<void, RuleFile> {
    const { ignore, thresholds, gazetteer } = this.#fields(root, [], sections);
    const lists = this.#fields(ignore, ['ignore'], ignoreLists);
    const texts = (key: string) =>
      this.#list(lists[key], ['ignore', key], (item, path) => this.#text(item, path));
    return {
      words: yield* this.#list(lists['words'], ['ignore', 'words'], (item, path) => this.#word(item, path)),
      mentions: yield* this.#list(lists['mentions'], ['ignore', 'mentions'], (item, path) =>
        this.#mention(item, path),
      ),
      sentences: yield* this.#list(lists['sentences'], ['ignore', 'sentences'], (item, path) =>
        this.#sentence(item, path),
      ),
      types: yield* texts('types'),
      files: yield* texts('files'),
      languages: yield* texts('languages'),
      thresholds: this.#thresholds(thresholds, ['thresholds']),
      gazetteer: yield* this.#list(gazetteer, ['gazetteer'], (item, path) => this.#entry(item, path)),
    };
  }

  #report(path: Path, message: string, isName = false): undefined {
    this.faults.push({ path, isName, message });
    return undefined;
  }

  /** The properties of an object, those that are not known left out. */
  #fields(value: unknown, path: Path, known?: readonly string[]): Fields {
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#report(path, 'expected an object');
      return {};
    }
    if (!known) return value as Fields;
    for (const key of Object.keys(value)) {
      if (!known.includes(key))
        this.#report([...path, key], `unknown; expected one of ${known.join(', ')}`, true);
    }
    return value as Fields;
  }

  *#list<T>(
    value: unknown,
    path: Path,
    read: (item: unknown, path: Path) => T | undefined,
  ): Generator<void, T[]> {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#report(path, 'expected a list');
      return [];
    }
    const items: T[] = [];
    for (const [index, item] of value.entries()) {
      if (index % ITEMS_A_STEP === ITEMS_A_STEP - 1) yield;
      const one = read(item, [...path, index]);
      if (one !== undefined) items.push(one);
    }
    return items;
  }

  #text(value: unknown, path: Path): string | undefined {
    if (typeof value === 'string' && value.trim() !== '') return value;
    return this.#report(path, 'expected a text');
  }

  #word(value: unknown, path: Path): IgnoredWord | undefined {
    if (typeof value === 'string') {
      const text = this.#text(value, path);
      return text === undefined ? undefined : { text };
    }
    const fields = this.#fields(value, path, ['text', 'type', 'caseSensitive']);
    const text = this.#required(value, fields, path, 'text');
    const type = this.#optional(fields, path, 'type');
    const caseSensitive = this.#flag(fields, path, 'caseSensitive');
    return text === undefined ? undefined : { text, type, caseSensitive };
  }

  #mention(value: unknown, path: Path): MentionInFile | undefined {
    const fields = this.#fields(value, path, ['file', 'text', 'type', 'before', 'after']);
    const file = this.#required(value, fields, path, 'file');
    const text = this.#required(value, fields, path, 'text');
    const type = this.#optional(fields, path, 'type');
    const [before, after] = [this.#context(fields, path, 'before'), this.#context(fields, path, 'after')];
    return file === undefined || text === undefined ? undefined : { file, text, type, before, after };
  }

  #sentence(value: unknown, path: Path): SentenceInFile | undefined {
    const fields = this.#fields(value, path, ['file', 'text']);
    const file = this.#required(value, fields, path, 'file');
    const text = this.#required(value, fields, path, 'text');
    return file === undefined || text === undefined ? undefined : { file, text };
  }

  #thresholds(value: unknown, path: Path): Record<string, number> {
    const thresholds: Record<string, number> = {};
    for (const [type, least] of Object.entries(this.#fields(value, path))) {
      if (typeof least === 'number' && least >= 0 && least <= 1) thresholds[type] = least;
      else this.#report([...path, type], 'expected a number from 0 to 1');
    }
    return thresholds;
  }

  #entry(value: unknown, path: Path): GazetteerEntry | undefined {
    const fields = this.#fields(value, path, ['text', 'pattern', 'type', 'caseSensitive', 'mode']);
    const type = this.#required(value, fields, path, 'type');
    const options = {
      caseSensitive: this.#flag(fields, path, 'caseSensitive'),
      mode: this.#mode(fields, path, 'mode'),
    };
    if (type === undefined) return undefined;
    if (fields['pattern'] !== undefined)
      return this.#pattern(fields['pattern'], [...path, 'pattern'], { type, ...options });
    const text = this.#required(value, fields, path, 'text');
    return text === undefined ? undefined : { text, type, ...options };
  }

  #pattern(
    value: unknown,
    path: Path,
    options: Omit<GazetteerEntry, 'text' | 'pattern'>,
  ): GazetteerEntry | undefined {
    const pattern = this.#text(value, path);
    if (pattern === undefined) return undefined;
    if (pattern.length > maximumPatternLength)
      return this.#report(path, `longer than ${maximumPatternLength} characters`);
    if (++this.#patterns > maximumPatterns)
      return this.#report(path, `more than ${maximumPatterns} patterns`);
    const problem = patternProblem(pattern);
    if (problem !== undefined) return this.#report(path, `not a pattern: ${problem}`);
    return { pattern, ...options };
  }

  #required(parent: unknown, fields: Fields, path: Path, key: string): string | undefined {
    if (fields[key] !== undefined) return this.#text(fields[key], [...path, key]);
    // What is no object was told of already.
    return fields === parent ? this.#report(path, `“${key}” is missing`) : undefined;
  }

  #optional(fields: Fields, path: Path, key: string): string | undefined {
    return fields[key] === undefined ? undefined : this.#text(fields[key], [...path, key]);
  }

  /** May be empty, unlike other texts. */
  #context(fields: Fields, path: Path, key: string): string | undefined {
    const value = fields[key];
    if (value === undefined || typeof value === 'string') return value;
    return this.#report([...path, key], 'expected a text');
  }

  #flag(fields: Fields, path: Path, key: string): boolean {
    const value = fields[key];
    if (value !== undefined && typeof value !== 'boolean')
      this.#report([...path, key], 'expected true or false');
    return value === true;
  }

  #mode(fields: Fields, path: Path, key: string): EntryMode {
    const mode = entryModes.find((known) => known === fields[key]);
    if (fields[key] !== undefined && !mode)
      this.#report([...path, key], `expected one of ${entryModes.join(', ')}`);
    return mode ?? 'override';
  }
}

const sections = ['$schema', 'ignore', 'thresholds', 'gazetteer'];
const ignoreLists = ['words', 'mentions', 'sentences', 'types', 'files', 'languages'];
