import { type ParseError, parse } from 'jsonc-parser';
import { nestingProblem, tooDeepAt } from './nesting';

/** What is wrong with JSON, and where. The message holds nothing of the text, unlike that of `JSON.parse`. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  /** For a person; completes “It is …”, as does the message. */
  readonly problem: string;
  /** Count from 1. */
  readonly line: number;
  readonly column: number;

  constructor(problem: string, line: number, column: number) {
    super(`${problem} (line ${line}, column ${column})`);
    this.problem = problem;
    this.line = line;
    this.column = column;
  }
}

/**
 * Parses JSON that somebody else wrote.
 *
 * @param firstLine where it begins, for what is part of a file.
 * @throws JsonError where it is none, or nested too deeply for those who walk through it.
 */
export function parseJson(text: string, firstLine = 1): unknown {
  const offset = tooDeepAt(text);
  if (offset !== undefined) throw errorAt(offset, text, firstLine, nestingProblem);
  try {
    return JSON.parse(text);
  } catch {
    throw errorAt(firstErrorAt(text), text, firstLine, 'not valid JSON');
  }
}

function errorAt(offset: number, text: string, firstLine: number, problem: string): JsonError {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return new JsonError(problem, firstLine + lines.length - 1, (lines.at(-1)?.length ?? 0) + 1);
}

function firstErrorAt(text: string): number {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  return errors[0]?.offset ?? 0;
}
