import { skipBlanks } from '../blanks';
import { lineEndAt } from '../lines';

/** An argument, or an optional one, is at most so long. */
export const maxArgument = 4_000;

/** Finds where what follows a command ends, and remembers how far the text was looked at. */
export class TexLookahead {
  readonly #text: string;
  readonly #limit: number;
  #reach = 0;

  /** @param limit how far it may look. */
  constructor(text: string, limit: number) {
    this.#text = text;
    this.#limit = limit;
  }

  /** What was found depends on the text up to here. */
  get reach(): number {
    return this.#reach;
  }

  look(offset: number): void {
    this.#reach = Math.max(this.#reach, offset);
  }

  lineEnd(from: number): number {
    const end = lineEndAt(this.#text, from, this.#limit);
    this.look(end + 1);
    return end;
  }

  blanksEnd(from: number): number {
    const end = skipBlanks(this.#text, from, this.#limit);
    this.look(end + 1);
    return end;
  }

  /** Behind an optional argument, if one begins at an offset. */
  optionEnd(from: number): number {
    this.look(from + 1);
    if (this.#text[from] !== '[') return from;
    const window = this.#text.slice(from, Math.min(this.#limit, from + maxArgument));
    const end = window.indexOf(']');
    this.look(end < 0 ? from + window.length : from + end + 2);
    return end < 0 ? from : from + end + 1;
  }

  /** Behind an argument in braces, if one begins at an offset. */
  argumentEnd(from: number): number {
    if (this.#text[from] !== '{') return from;
    let depth = 0;
    const limit = Math.min(this.#limit, from + maxArgument);
    for (let at = from; at < limit; at++) {
      const sign = this.#text[at];
      if (sign === '\\') at++;
      else if (sign === '{') depth++;
      else if (sign === '}' && --depth === 0) {
        this.look(at + 2);
        return at + 1;
      }
    }
    this.look(limit);
    return from;
  }

  /** Behind all arguments that follow one another without blanks between. */
  argumentsEnd(from: number): number {
    for (let at = from; ; ) {
      const end = this.argumentEnd(this.optionEnd(at));
      if (end === at) return at;
      at = end;
    }
  }

  /** Behind a text that is delimited by any sign, as in `\verb|x|`; undefined where none is, or in braces. */
  delimitedEnd(from: number): number | undefined {
    const sign = this.#text[from] ?? ' ';
    if (/[{[\s]/.test(sign)) return undefined;
    const lineEnd = this.lineEnd(from);
    const end = this.#text.slice(from + 1, lineEnd).indexOf(sign);
    return end < 0 ? undefined : from + end + 2;
  }
}
