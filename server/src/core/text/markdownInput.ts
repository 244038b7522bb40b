import type { Input } from '@lezer/common';

/**
 * Gives Lezer the lines of a document. Lezer knows LF only, and takes a carriage return for a part of the line
 * that keeps it from being blank; so the CR of a CRLF is read as a space and a lone one as a line end. Front
 * matter is read as blank lines. Offsets stay those of the document.
 */
export class MarkdownInput implements Input {
  readonly length: number;
  readonly lineChunks = true;
  readonly #text: string;
  readonly #frontMatterEnd: number;
  /** The first CR and LF from `#searchedFrom` on, so that a document without CR is not searched again and again. */
  #searchedFrom = -1;
  #carriageReturn = -1;

  constructor(text: string, frontMatterEnd: number) {
    this.#text = text;
    this.length = text.length;
    this.#frontMatterEnd = frontMatterEnd;
  }

  chunk(from: number): string {
    if (from >= this.length) return '';
    const text = this.#text;
    let end = text.indexOf('\n', from);
    if (end < 0) end = this.length;
    const carriageReturn = this.#nextCarriageReturn(from);
    const isCrLf = carriageReturn === end - 1 && end < this.length;
    if (carriageReturn < end && !isCrLf) end = carriageReturn;
    // An empty line is told from the end of the input by giving its line break.
    if (end === from) return '\n';
    if (from < this.#frontMatterEnd) return ' '.repeat(end - from);
    return isCrLf ? `${text.slice(from, end - 1)} ` : text.slice(from, end);
  }

  read(from: number, to: number): string {
    return this.#text.slice(from, to).replace(/\r\n?/g, (found) => (found === '\r' ? '\n' : ' \n'));
  }

  #nextCarriageReturn(from: number): number {
    if (from < this.#searchedFrom || this.#searchedFrom < 0 || this.#carriageReturn < from) {
      const found = this.#text.indexOf('\r', from);
      this.#carriageReturn = found < 0 ? Number.POSITIVE_INFINITY : found;
      this.#searchedFrom = from;
    }
    return this.#carriageReturn;
  }
}

/** How far into a document its front matter may reach, in characters. */
const maxFrontMatter = 100_000;

/** The end of YAML (`---`) or TOML (`+++`) front matter: the offset behind its closing line, or 0. */
export function frontMatterEnd(text: string): number {
  const opening = /^\uFEFF?(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)(?![ \t]*(?:[\r\n]|$))/.exec(text.slice(0, 200));
  if (!opening) return 0;
  const closing = opening[1] === '---' ? /^(?:---|\.\.\.)[ \t]*$/gm : /^\+\+\+[ \t]*$/gm;
  closing.lastIndex = opening[0].length;
  const found = closing.exec(text.slice(0, maxFrontMatter));
  return found ? found.index + found[0].length : 0;
}
