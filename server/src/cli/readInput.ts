import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Decoded, decodeText } from './decodeText';
import type { Session } from './session';

/** The longest text that JavaScript can hold is not much longer. */
const MAXIMUM_BYTES = 256 * 1024 * 1024;

const tooLarge = `is larger than ${MAXIMUM_BYTES / 1024 / 1024} MB; split it`;

const isDirectory = 'is a directory; name its files, for instance with a pattern';

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: isDirectory,
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'no such file',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
};

/** Reads a file; whatever stands against it is a problem, not an exception. */
export const readTextFile = async (path: string): Promise<Decoded> => {
  try {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) return { problem: isDirectory };
      if (stats.size > MAXIMUM_BYTES) return { problem: tooLarge };
      return decodeText(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { problem: problems[code] ?? `cannot be read (${code || 'unknown error'})` };
  }
};

/** Reads standard input to its end. */
export const readStandardInput = async ({ stdin, signal, progress }: Session): Promise<Decoded> => {
  progress.show(
    stdin.isTTY ? 'Type the text; Ctrl+D ends it (on Windows Ctrl+Z and Enter).' : 'standard input …',
  );
  const bytes = await buffer(addAbortSignal(signal, stdin));
  return bytes.length > MAXIMUM_BYTES ? { problem: tooLarge } : decodeText(bytes);
};
