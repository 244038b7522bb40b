import type { Writable } from 'node:stream';
import { EngineError } from '../core/ports';
import type { Columns } from '../core/surfaces/columns';
import type { Csv } from '../core/surfaces/csv';
import type { Json } from '../core/surfaces/json';
import type { Markdown } from '../core/surfaces/markdown';
import type { TerminalText } from '../core/surfaces/terminal';
import { systemReason } from './systemReason';

/** What may be written: standard output may be a terminal, whatever the format. */
export type OutputText = TerminalText | Columns | Csv | Json | Markdown;

/** Whoever read the output has gone, as `head` does when it has seen enough. */
export class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

/** Large outputs go out in pieces, so that a slow reader does not make the rest pile up in memory. */
const CHUNK_CHARACTERS = 1 << 16;

/** Standard output, written no faster than it is read. */
export class Output {
  readonly #stream: Writable;
  #pending = '';

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each write reports its own failure; without a listener the event would end the process.
    stream.on('error', () => {});
  }

  /**
   * @throws BrokenPipe when nobody reads any more.
   * @throws EngineError when it cannot be written, for instance because the disk is full.
   */
  async write(text: OutputText): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= CHUNK_CHARACTERS) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '') return;
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error) reject(toFailure(error));
        else resolve();
      });
    });
  }
}

function toFailure(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE') return new BrokenPipe();
  const reason = systemReason(error);
  return reason === undefined ? error : new EngineError(`standard output cannot be written: ${reason}`);
}
