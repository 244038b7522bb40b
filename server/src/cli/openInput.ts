import { close, constants, createReadStream, open, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';

/* As a text the program takes whatever can be read: files, what a shell passes for `<(…)`, terminals, devices. */

export interface Input {
  readonly stats: Stats;
  /**
   * Opens it. Destroying the stream ends the reading at once, whatever it is; `createReadStream` alone would keep a
   * thread, and with it the process, until a pipe or a terminal has something to say.
   */
  open(signal: AbortSignal): Promise<Readable>;
}

/** @throws what the system says. */
export async function findInput(path: string): Promise<Input> {
  const stats = await stat(path);
  return {
    stats,
    open: async (signal) => {
      if (stats.isFIFO())
        return new Socket({ fd: await openPipe(path, signal), readable: true, writable: false });
      const descriptor = await openDescriptor(path, constants.O_RDONLY);
      return isatty(descriptor) ? new ReadStream(descriptor) : createReadStream(path, { fd: descriptor });
    },
  };
}

const openDescriptor = promisify<string, number, number>(open);
const closeDescriptor = promisify(close);

/** Between two attempts to let go of a pipe. */
const POLL_MS = 10;

/**
 * Opening a named pipe waits for somebody who writes into it, and nothing can interrupt that but a writer. So whoever
 * gives up is one, for a moment.
 */
async function openPipe(path: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  let isOpen = false;
  const opening = openDescriptor(path, constants.O_RDONLY).finally(() => {
    isOpen = true;
  });
  const letGo = async () => {
    while (!isOpen) {
      // Fails as long as the other end does not wait yet.
      await openDescriptor(path, constants.O_WRONLY | constants.O_NONBLOCK).then(closeDescriptor, () => {});
      await sleep(POLL_MS);
    }
  };
  const onAbort = () => void letGo();
  signal.addEventListener('abort', onAbort);
  try {
    const descriptor = await opening;
    if (!signal.aborted) return descriptor;
    await closeDescriptor(descriptor);
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
