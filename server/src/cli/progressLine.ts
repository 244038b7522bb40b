import type { WriteStream } from 'node:tty';
import { terminal, truncate } from '../core/surfaces/terminal';

/** Often enough to see it move, seldom enough to cost nothing. */
const INTERVAL_MS = 80;

const DEFAULT_COLUMNS = 80;

const CLEAR_LINE = '\r\x1b[K';

/** One line on a terminal that is written over and over; silent where the stream is none. */
export class ProgressLine {
  readonly #stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  #shown = false;
  #shownAt = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>) {
    this.#stream = stream;
  }

  show(text: string): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#shownAt < INTERVAL_MS) return;
    // A line that wraps could not be cleared. Some terminals say that they have no columns.
    const columns = this.#stream.columns || DEFAULT_COLUMNS;
    this.#stream.write(CLEAR_LINE + truncate(terminal.escape(text), columns - 1));
    this.#shown = true;
    this.#shownAt = now;
  }

  /** Must come before anything else that is written to the same terminal. */
  clear(): void {
    if (this.#shown) this.#stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}
