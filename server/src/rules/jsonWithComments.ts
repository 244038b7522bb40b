import { createScanner } from 'jsonc-parser';
import { mostNesting } from '../core/json/nesting';

/** So many tokens are read in about a millisecond. */
const TOKENS_A_STEP = 5_000;

/** A list or an object that is not closed yet. */
interface Open {
  readonly value: unknown[] | Record<string, unknown>;
  readonly close: ']' | '}';
  /** Of an object: the name of the value that comes next. */
  key: string | undefined;
  /** Whether an item may come: at the beginning and behind a comma. */
  takesItem: boolean;
}

/**
 * The value of JSON that may have comments and trailing commas, in short steps and without positions: much faster
 * than a tree of nodes.
 *
 * @returns undefined where it is no JSON, or nested too deeply.
 */
export function* readJson(text: string): Generator<void, unknown> {
  const scanner = createScanner(text, true);
  const next = (): string => {
    scanner.scan();
    return text.charAt(scanner.getTokenOffset());
  };
  const open: Open[] = [];
  let root: unknown;
  for (let count = 1; ; count++) {
    if (count % TOKENS_A_STEP === 0) yield;
    const sign = next();
    const top = open.at(-1);
    if (scanner.getTokenError() !== 0) return undefined;
    if (sign === '') return top ? undefined : root;
    if (sign === ',') {
      if (!top || top.takesItem) return undefined;
      top.takesItem = true;
    } else if (sign === top?.close) {
      if (top.key !== undefined) return undefined;
      open.pop();
    } else if (top ? !top.takesItem : root !== undefined) {
      return undefined;
    } else if (top?.close === '}' && top.key === undefined) {
      top.key = scanner.getTokenValue();
      if (sign !== '"' || next() !== ':') return undefined;
    } else {
      const value =
        begin(sign) ?? (sign === '"' ? scanner.getTokenValue() : toLiteral(scanner.getTokenValue()));
      if (value === undefined) return undefined;
      if (top) put(top, value);
      else root = value;
      if (sign === '[' || sign === '{') {
        if (open.length === mostNesting) return undefined;
        open.push({
          value: value as Open['value'],
          close: sign === '[' ? ']' : '}',
          key: undefined,
          takesItem: true,
        });
      }
    }
  }
}

const begin = (sign: string): Open['value'] | undefined =>
  sign === '[' ? [] : sign === '{' ? {} : undefined;

function put(top: Open, value: unknown): void {
  if (Array.isArray(top.value)) top.value.push(value);
  else top.value[top.key ?? ''] = value;
  top.key = undefined;
  top.takesItem = false;
}

/** A number, true, false or null. */
function toLiteral(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
