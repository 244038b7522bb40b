import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { patternProblem } from '../core/gazetteer/gazetteer';
import {
  type EntryMode,
  entryModes,
  type GazetteerEntry,
  maximumPatternLength,
  maximumPatterns,
} from '../core/gazetteer/gazetteerEntry';
import type { IgnoredWord } from '../core/ignore/mentionFilter';
import type { Span } from '../core/text/span';

/** What `.subtext.json` says. */
export interface RuleFile {
  readonly words: readonly IgnoredWord[];
  readonly types: readonly string[];
  /** Globs, relative to the file's folder. */
  readonly files: readonly string[];
  /** Identifiers of languages. */
  readonly languages: readonly string[];
  readonly thresholds: Readonly<Record<string, number>>;
  readonly gazetteer: readonly GazetteerEntry[];
}

export interface RuleProblem extends Span {
  /** For a person, for instance `expected a list`. */
  readonly message: string;
}

export interface ParsedRules {
  readonly rules: RuleFile;
  /** In no particular order. What they are about is left out of the rules; all else counts. */
  readonly problems: readonly RuleProblem[];
}

/** Reads JSON with comments and trailing commas. Never throws. */
export function parseRuleFile(text: string): ParsedRules {
  const reader = new RuleReader();
  const errors: ParseError[] = [];
  const root = text.trim() === '' ? undefined : parseTree(text, errors, { allowTrailingComma: true });
  for (const { error, offset, length } of errors)
    reader.report({ offset, length }, `not JSON: ${printParseErrorCode(error)}`);
  const sections = reader.properties(root, ['$schema', 'ignore', 'thresholds', 'gazetteer']);
  const ignore = reader.properties(sections.get('ignore'), ['words', 'types', 'files', 'languages']);
  const rules = {
    words: reader.list(ignore.get('words'), (item) => reader.word(item)),
    types: reader.list(ignore.get('types'), (item) => reader.text(item)),
    files: reader.list(ignore.get('files'), (item) => reader.text(item)),
    languages: reader.list(ignore.get('languages'), (item) => reader.text(item)),
    thresholds: reader.thresholds(sections.get('thresholds')),
    gazetteer: reader.list(sections.get('gazetteer'), (item) => reader.entry(item)),
  };
  return { rules, problems: reader.problems };
}

/** Reads values and notes those that are of another kind than they should be. */
class RuleReader {
  readonly problems: RuleProblem[] = [];
  #patterns = 0;

  report({ offset, length }: Pick<Node, 'offset' | 'length'>, message: string): undefined {
    this.problems.push({ start: offset, end: offset + length, message });
    return undefined;
  }

  /** The values of an object by their names. */
  properties(node: Node | undefined, known?: readonly string[]): Map<string, Node> {
    const found = new Map<string, Node>();
    if (!node) return found;
    if (node.type !== 'object') this.report(node, 'expected an object');
    else {
      for (const { children: [name, value] = [] } of node.children ?? []) {
        if (!name || !value) continue;
        const key = String(name.value);
        if (known && !known.includes(key)) this.report(name, `unknown; expected one of ${known.join(', ')}`);
        else found.set(key, value);
      }
    }
    return found;
  }

  list<T>(node: Node | undefined, read: (item: Node) => T | undefined): T[] {
    if (!node) return [];
    if (node.type !== 'array') {
      this.report(node, 'expected a list');
      return [];
    }
    return (node.children ?? []).map(read).filter((item) => item !== undefined);
  }

  text(node: Node): string | undefined {
    if (node.type === 'string' && node.value.trim() !== '') return node.value;
    return this.report(node, 'expected a text');
  }

  word(node: Node): IgnoredWord | undefined {
    if (node.type === 'string') {
      const text = this.text(node);
      return text === undefined ? undefined : { text };
    }
    const fields = this.properties(node, ['text', 'type', 'caseSensitive']);
    const [text, type] = [this.#required(node, fields, 'text'), this.#optionalText(fields.get('type'))];
    return text === undefined
      ? undefined
      : { text, type, caseSensitive: this.#flag(fields.get('caseSensitive')) };
  }

  thresholds(node: Node | undefined): Record<string, number> {
    const thresholds: Record<string, number> = {};
    for (const [type, value] of this.properties(node)) {
      if (value.type === 'number' && value.value >= 0 && value.value <= 1) thresholds[type] = value.value;
      else this.report(value, 'expected a number from 0 to 1');
    }
    return thresholds;
  }

  entry(node: Node): GazetteerEntry | undefined {
    const fields = this.properties(node, ['text', 'pattern', 'type', 'caseSensitive', 'mode']);
    if (node.type !== 'object') return undefined;
    const type = this.#required(node, fields, 'type');
    const mode = this.#mode(fields.get('mode'));
    const options = { caseSensitive: this.#flag(fields.get('caseSensitive')), mode };
    if (type === undefined) return undefined;
    const pattern = fields.get('pattern');
    if (pattern) return this.#pattern(pattern, { ...options, type });
    const text = this.#required(node, fields, 'text');
    return text === undefined ? undefined : { text, type, ...options };
  }

  #pattern(node: Node, options: Omit<GazetteerEntry, 'text' | 'pattern'>): GazetteerEntry | undefined {
    const pattern = this.text(node);
    if (pattern === undefined) return undefined;
    if (pattern.length > maximumPatternLength)
      return this.report(node, `longer than ${maximumPatternLength} characters`);
    const problem = patternProblem(pattern);
    if (problem !== undefined) return this.report(node, `not a pattern: ${problem}`);
    if (++this.#patterns > maximumPatterns) return this.report(node, `more than ${maximumPatterns} patterns`);
    return { pattern, ...options };
  }

  #required(parent: Node, fields: ReadonlyMap<string, Node>, key: string): string | undefined {
    const node = fields.get(key);
    if (node) return this.text(node);
    return parent.type === 'object' ? this.report(parent, `“${key}” is missing`) : undefined;
  }

  #optionalText(node: Node | undefined): string | undefined {
    return node && this.text(node);
  }

  #flag(node: Node | undefined): boolean {
    if (node && node.type !== 'boolean') this.report(node, 'expected true or false');
    return node?.value === true;
  }

  #mode(node: Node | undefined): EntryMode {
    const mode = entryModes.find((known) => known === node?.value);
    if (node && !mode) this.report(node, `expected one of ${entryModes.join(', ')}`);
    return mode ?? 'override';
  }
}
