/** A word of JavaScript that matters for brackets: comments, strings, and the brackets themselves. */
const token = /\/\*|(?<!:)\/\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`|[()[\]{}>]/g;

/** Follows the brackets of JavaScript from line to line. */
export class CodeBrackets {
  readonly #last: string | undefined;
  /** What ends the comment or the template string that a line begins in. */
  #until: string | undefined;
  depth = 0;

  /** @param last what ends the code where no bracket is open, as `>` a tag; undefined: the closing of the first bracket. */
  constructor(last?: '>') {
    this.#last = last;
  }

  /** Reads one more line to its end. */
  read(line: string): void {
    this.#read(line, () => false);
  }

  /** Reads one more line. @returns the offset behind the end of the code, undefined where it goes on. */
  endOf(line: string): number | undefined {
    const last = this.#last;
    return this.#read(line, (sign) =>
      last === undefined ? this.depth <= 0 && /[)\]}]/.test(sign) : this.depth <= 0 && sign === last,
    );
  }

  #read(line: string, isLast: (sign: string) => boolean): number | undefined {
    for (let at = 0; ; ) {
      if (this.#until !== undefined) {
        const end = line.indexOf(this.#until, at);
        if (end < 0) return undefined;
        at = end + this.#until.length;
        this.#until = undefined;
      }
      token.lastIndex = at;
      const match = token.exec(line);
      if (!match) return undefined;
      const [sign] = match;
      at = match.index + sign.length;
      if (sign === '//') return undefined;
      if (sign === '/*') this.#until = '*/';
      else if (sign === '`') this.#until = '`';
      else if ('([{'.includes(sign)) this.depth++;
      else if (')]}'.includes(sign)) this.depth--;
      if (isLast(sign)) return at;
    }
  }
}
