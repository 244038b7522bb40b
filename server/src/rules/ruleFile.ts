import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { GazetteerEntry } from '../core/gazetteer/gazetteerEntry';
import type { IgnoredMention } from '../core/ignore/mentionContext';
import type { IgnoredWord } from '../core/ignore/mentionFilter';
import { nestingProblem, tooDeepAt } from '../core/json/nesting';
import type { Span } from '../core/text/span';
import { readJson } from './jsonWithComments';
import { type Fault, RuleReader } from './ruleReader';

/** A gazetteer of half a million names is not that large. */
export const mostRuleFileBytes = 64e6;

/** Something in a file, of which the path is relative to the folder of the rule file, with slashes. */
interface InFile {
  readonly file: string;
}
export type MentionInFile = IgnoredMention & InFile;
export interface SentenceInFile extends InFile {
  readonly text: string;
}

/** What `.subtext.json` says. */
export interface RuleFile {
  readonly words: readonly IgnoredWord[];
  readonly mentions: readonly MentionInFile[];
  readonly sentences: readonly SentenceInFile[];
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

/**
 * Reads JSON with comments and trailing commas. Never throws. Positions are looked for only where there are problems
 * to be told: they take many times as long as all the rest, and not in steps.
 */
export function* parseRuleFile(text: string): Generator<void, ParsedRules> {
  const value = yield* readJson(text);
  const reader = new RuleReader();
  const rules = yield* reader.read(value);
  const isRight = reader.faults.length === 0 && (value !== undefined || text.trim() === '');
  return isRight ? { rules, problems: [] } : yield* parseWithPositions(text);
}

/** Of broken JSON what can be read counts; of JSON that is nested too deeply, nothing. */
function* parseWithPositions(text: string): Generator<void, ParsedRules> {
  const reader = new RuleReader();
  const offset = tooDeepAt(text);
  if (offset !== undefined) {
    const rules = yield* reader.read(undefined);
    return { rules, problems: [{ start: offset, end: offset + 1, message: nestingProblem }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const rules = yield* reader.read(root && getNodeValue(root));
  const problems = errors.map(({ error, offset, length }) => ({
    start: offset,
    end: offset + length,
    message: `not JSON: ${printParseErrorCode(error)}`,
  }));
  return {
    rules,
    problems: root ? [...problems, ...reader.faults.map((fault) => locate(root, fault))] : problems,
  };
}

function locate(root: Node, { path, isName, message }: Fault): RuleProblem {
  const value = findNodeAtLocation(root, [...path]) ?? root;
  const { offset, length } = (isName ? value.parent?.children?.[0] : undefined) ?? value;
  return { start: offset, end: offset + length, message };
}
