import type { ChangedRange } from '../edits';
import type { Item, ItemSource } from '../passages';
import type { Span } from '../span';
import { type ExtractedUnit, followUnits, type Unit, type Units } from '../units';
import type { CodeItemKind } from './codeItems';
import type { Lexis, TokenRule } from './lexis';

/** Code is read in stretches of whole lines and tokens up to an empty line, or, without one, at least so long. */
const stretch = 4_000;

/** A longer stretch need not end with a line. */
const maxStretch = 20_000;

/** The line feed in front of an empty line. */
const emptyLine = /\n(?=[ \t]*\r?\n)/g;

type CodeItem = Item<CodeItemKind>;

interface LexedUnit extends Unit {
  readonly items: readonly CodeItem[];
}

interface Token extends Span {
  readonly kind: TokenRule['kind'];
}

/**
 * Finds comments and strings by what begins and ends them. In most languages that is all there is to know: they are
 * a matter of lexis, wherever they stand and however broken the code around is while it is being written. It takes
 * a twentieth of the time that a grammar takes.
 */
export class LexicalItemSource implements ItemSource<readonly ExtractedUnit<CodeItem>[], CodeItemKind> {
  readonly #tokens: TokenPatterns;

  constructor(lexis: Lexis) {
    this.#tokens = new TokenPatterns(lexis);
  }

  *update(
    text: string,
    previous: readonly ExtractedUnit<CodeItem>[] | undefined,
    changes: readonly ChangedRange[],
  ): Generator<void, { state: readonly ExtractedUnit<CodeItem>[]; items: readonly CodeItem[] }> {
    const units = lexedUnits(text, this.#tokens);
    const state = yield* previous ? followUnits(units, previous, changes) : followUnits(units, [], []);
    return { state, items: state.flatMap(({ items }) => items) };
  }
}

function lexedUnits(text: string, tokens: TokenPatterns): Units<CodeItem, LexedUnit> {
  const nextToken = searchAhead((from) => tokens.next(text, from));
  const nextLineFeed = searchAhead((from) => {
    const start = text.indexOf('\n', from);
    return start < 0 ? undefined : { start, end: start + 1 };
  });
  const nextEmptyLine = searchAhead((from) => {
    emptyLine.lastIndex = from;
    const start = emptyLine.exec(text)?.index;
    return start === undefined ? undefined : { start, end: start + 1 };
  });
  return {
    next(start) {
      if (start >= text.length) return undefined;
      const items: CodeItem[] = [];
      for (let at = start; ; ) {
        const end = Math.min(
          nextEmptyLine(at)?.end ?? text.length,
          nextLineFeed(Math.max(at, start + stretch))?.end ?? text.length,
        );
        const token = nextToken(at);
        if (!token || token.start >= end) {
          return { start, end, reach: end === text.length ? Number.POSITIVE_INFINITY : end, items };
        }
        if (token.kind !== 'none') items.push({ kind: token.kind, start: token.start, end: token.end });
        at = Math.max(token.end, token.start + 1);
        if (at >= text.length) return { start, end: text.length, reach: Number.POSITIVE_INFINITY, items };
        // An opening may look back at what is before it, so that belongs to the state.
        if (at > start + maxStretch) return { start, end: at, reach: at + 1, state: text[at - 1], items };
      }
    },
    extract: ({ items }) => items,
  };
}

/** Makes a search that is not done again before its result was passed. Offsets may jump ahead, and rarely back. */
function searchAhead<T extends Span>(
  search: (from: number) => T | undefined,
): (from: number) => T | undefined {
  let searchedFrom = Number.POSITIVE_INFINITY;
  let found: T | undefined;
  return (from) => {
    if (from < searchedFrom || (found && found.start < from)) {
      found = search(from);
      searchedFrom = from;
    }
    return found;
  };
}

/** The rules of a language as one regular expression for all openings, and one for each end. */
class TokenPatterns {
  readonly #rules: readonly TokenRule[];
  readonly #opening: RegExp;
  readonly #ends: readonly (RegExp | undefined)[];
  readonly #flags: string;

  constructor({ rules, ignoresCase }: Lexis) {
    this.#rules = rules;
    this.#flags = ignoresCase ? 'gimu' : 'gmu';
    this.#opening = new RegExp(rules.map(({ open }) => `(${open})`).join('|'), this.#flags);
    this.#ends = rules.map((rule) =>
      typeof rule.close === 'string' ? this.#endPattern(rule, rule.close) : undefined,
    );
  }

  /** The first token that begins at or behind an offset. */
  next(text: string, from: number): Token | undefined {
    this.#opening.lastIndex = from;
    const match = this.#opening.exec(text);
    if (!match) return undefined;
    const [opening, ...groups] = match;
    const index = groups.findIndex((group) => group !== undefined);
    const { kind, close, ...rule } = this.#rules[index] as TokenRule;
    const start = match.index;
    const opened = start + opening.length;
    if (close === undefined) return { kind, start, end: opened };
    const end = this.#ends[index] ?? this.#endPattern(rule, (close as (opening: string) => string)(opening));
    return { kind, start, end: closingEnd(text, opened, end) };
  }

  #endPattern({ hidden, nested }: Pick<TokenRule, 'hidden' | 'nested'>, close: string): RegExp {
    const nothing = '(?!)';
    return new RegExp(`(?:${hidden ?? nothing})|(${nested ?? nothing})|(${close})`, this.#flags);
  }
}

/** The end of what closes a token that was opened before `from`, or of the text. */
function closingEnd(text: string, from: number, end: RegExp): number {
  let depth = 1;
  end.lastIndex = from;
  for (let match = end.exec(text); match; match = end.exec(text)) {
    const [found, nested, close] = match;
    if (nested !== undefined) depth++;
    else if (close !== undefined && --depth === 0) return match.index + found.length;
  }
  return text.length;
}
