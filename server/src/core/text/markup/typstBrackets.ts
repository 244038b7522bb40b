import type { Span } from '../span';

/*
 * Where in a line of Typst code is and where content. Code goes from a hash and a word to where its brackets close;
 * square brackets in it hold content, in which there may be code again.
 */

/**
 * Brackets that are open, the innermost last: `(` and `{` of code, `[` of content within code, `m` one that was opened
 * in the text of the paragraph, `M` one that was opened so in a paragraph before, and `$` of a formula.
 */
export type OpenBrackets = string;

/** Deeper brackets are not counted. */
const maxDepth = 100;

export const isContent = (open: OpenBrackets): boolean => !/[({]$/.test(open);

/** Arguments of a call that hold no content. */
export const plainArguments = String.raw`\((?:[^()[\]"]|"(?:\\.|[^"\\]){0,300}"|\((?:[^()[\]"]|"(?:\\.|[^"\\]){0,300}"|\([^()[\]]{0,300}\)){0,300}\)){0,500}\)`;

/** Strings and comments, in which brackets count for nothing, and brackets. */
const codeToken = /"(?:\\.|[^"\\])*"?|\/\/.*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|[()[\]{}]/g;
/** Escapes, raw text and comments, in which brackets count for nothing, calls and brackets. */
const contentToken = new RegExp(
  String.raw`\\.|(\x60+)[^\x60]*\1|(?<!:)\/\/.*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?|#[\w.-]+${plainArguments}|#[\w.-]*[({]|[[\]$]`,
  'g',
);
const formulaToken = /\\.|\$/g;
const goesOn = /[ \t]*else\b/y;

export interface BracketReading {
  /** The content of the line, in order. */
  readonly prose: readonly Span[];
  /** Whether the last content goes on behind the line. */
  readonly isOpen: boolean;
  readonly open: OpenBrackets;
}

/**
 * Reads a line from an offset on.
 *
 * @param open at the offset.
 * @param isStatement whether code begins there that goes on to the end of the line at least.
 */
export function readBrackets(
  line: string,
  from: number,
  open: OpenBrackets,
  isStatement: boolean,
): BracketReading {
  const reader = new BracketReader(line, from, open, isStatement);
  reader.read();
  return { prose: reader.prose, isOpen: reader.isOpen, open: reader.open };
}

class BracketReader {
  readonly prose: Span[] = [];
  open: OpenBrackets;
  readonly #line: string;
  #isStatement: boolean;
  #at: number;
  /** Where the present content began; undefined in code. */
  #start: number | undefined;

  constructor(line: string, from: number, open: OpenBrackets, isStatement: boolean) {
    this.#line = line;
    this.open = open;
    this.#isStatement = isStatement;
    this.#at = from;
    this.#start = isStatement || !isContent(open) ? undefined : from;
  }

  get isOpen(): boolean {
    return this.#start !== undefined && this.prose.at(-1)?.end === this.#line.length;
  }

  read(): void {
    while (this.#at < this.#line.length) {
      const token =
        this.#start === undefined ? codeToken : this.open.endsWith('$') ? formulaToken : contentToken;
      token.lastIndex = this.#at;
      const match = token.exec(this.#line);
      if (!match) break;
      this.#at = match.index + match[0].length;
      if (this.#start === undefined) this.#readCode(match[0]);
      else this.#readContent(match[0], match.index);
    }
    this.#endProse(this.#line.length);
  }

  #readCode(sign: string): void {
    if (sign === '[') {
      this.#push('[');
      this.#start = this.#at;
    } else if (sign === '(' || sign === '{') this.#push(sign);
    else if (/^[)\]}]$/.test(sign)) {
      this.#pop();
      this.#beginContent();
    }
  }

  #readContent(sign: string, index: number): void {
    if (sign === '[') this.#push('m');
    else if (sign === '$') {
      if (this.open.endsWith('$')) this.#pop();
      else this.#push('$');
    } else if (sign === ']') this.#closeContent(index);
    else if (/^#[\w.-]*[({]$/.test(sign)) {
      this.#endProse(index);
      this.#start = undefined;
      this.#push(sign.at(-1) as string);
    }
  }

  /** A bracket that was opened in the same paragraph is for the rules for text within a sentence. */
  #closeContent(index: number): void {
    const closed = this.open.at(-1);
    if (closed !== 'M' && closed !== '[') {
      if (closed === 'm') this.#pop();
      return;
    }
    this.#endProse(index);
    this.#start = undefined;
    this.#pop();
    if (closed === '[') this.#beginContent();
    else this.#start = this.#at;
  }

  /** Content follows where code ends, and a body of the call may be the first of it. */
  #beginContent(): void {
    goesOn.lastIndex = this.#at;
    if (goesOn.test(this.#line)) this.#isStatement = true;
    if (this.#isStatement || !isContent(this.open)) return;
    if (this.#line[this.#at] === '[') {
      this.#push('M');
      this.#at++;
    }
    this.#start = this.#at;
  }

  #endProse(end: number): void {
    if (this.#start === undefined || this.#line.slice(this.#start, end).trim() === '') return;
    this.prose.push({ start: this.#start, end });
  }

  #push(bracket: string): void {
    if (this.open.length < maxDepth) this.open += bracket;
  }

  #pop(): void {
    this.open = this.open.slice(0, -1);
  }
}
