import type { Input, Parser, PartialParse, Tree, TreeFragment } from '@lezer/common';

/** Lezer is given a text in pieces of so many characters, so that reading far ahead can be counted. */
const pieceLength = 2_048;

/**
 * How much of a text may be read again, ahead of where the parser is: unclosed openers make it look for their end
 * from each of them. Broken code of real projects needs 1 character for each of the text.
 */
const maxReadAhead = { forEach: 16, more: 1_000_000 };

/**
 * Numbers that stacks may hold while the parser recovers from errors; eight bytes each. A stack is as long as the text
 * is nested, and each try to recover copies it. Broken code of real projects needs 4 for each character.
 */
const maxStacked = { forEach: 64, more: 500_000 };

/** What @lezer/lr has in its parses beside the documented interface. */
interface StackedParse extends PartialParse {
  readonly stacks?: readonly { readonly stack: readonly number[] }[];
}

/** A text as Lezer reads it. */
class MeteredInput implements Input {
  readonly length: number;
  readonly lineChunks = false;
  readonly #text: string;
  /** From where on reading is reading ahead. */
  position = 0;
  /** Characters, those read several times included. */
  readAhead = 0;

  constructor(text: string) {
    this.#text = text;
    this.length = text.length;
  }

  chunk(from: number): string {
    const piece = this.#text.slice(from, from + pieceLength);
    if (from > this.position + pieceLength) this.readAhead += piece.length;
    return piece;
  }

  read(from: number, to: number): string {
    return this.#text.slice(from, to);
  }
}

/**
 * A parse whose time and memory grow no faster than the text, whatever that is. Where the parser would need more, for
 * instance for thousands of tags that are never closed, it is stopped, and the tree ends there.
 */
export class MeteredParse {
  readonly #input: MeteredInput;
  readonly #parse: StackedParse;
  #stacked = 0;
  #seen = new WeakSet<object>();

  /** @throws RangeError as {@link advance}, for fragments of such a text. */
  constructor(parser: Parser, text: string, fragments: readonly TreeFragment[]) {
    this.#input = new MeteredInput(text);
    this.#parse = parser.startParse(this.#input, fragments);
  }

  /** Whether the end of the text was not read. */
  get isStopped(): boolean {
    return this.#parse.stoppedAt !== null;
  }

  /**
   * Parses a token.
   *
   * @returns the tree, once it is finished.
   * @throws RangeError for a text that is nested too deep for Lezer, which builds trees by recursion.
   */
  advance(): Tree | null {
    this.#input.position = this.#parse.parsedPos;
    const tree = this.#parse.advance();
    if (!tree && !this.isStopped && this.#isSpent()) this.#parse.stopAt(this.#parse.parsedPos);
    return tree;
  }

  #isSpent(): boolean {
    const { stacks = [] } = this.#parse;
    // A parse without errors has one stack, which is not copied.
    if (stacks.length > 1) {
      for (const one of stacks) {
        if (this.#seen.has(one)) continue;
        this.#seen.add(one);
        this.#stacked += one.stack.length;
      }
    }
    const { readAhead, length } = this.#input;
    return readAhead > limitFor(maxReadAhead, length) || this.#stacked > limitFor(maxStacked, length);
  }
}

const limitFor = ({ forEach, more }: typeof maxStacked, length: number): number => forEach * length + more;
