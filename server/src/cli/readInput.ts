import { addAbortSignal, type Readable } from 'node:stream';
import { binaryProblem, type Decoded, decodeText } from './decodeText';
import { findInput } from './openInput';
import type { Session } from './session';

/** The longest text that JavaScript can hold is not much longer. */
export const mostTextBytes = 256 * 1024 * 1024;

const isDirectory = 'is a directory; name its files, for instance with a pattern';

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: isDirectory,
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'no such file',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  ENXIO: 'is a socket, or a device that is not there',
};

/** What stands against a file, by the code of the system's error. */
export const inputProblem = (code = 'unknown error'): string => problems[code] ?? `cannot be read (${code})`;

/**
 * Reads a text from a file, a pipe or a device; whatever stands against it is a problem, not an exception.
 *
 * @throws the signal's reason, as soon as it is aborted.
 */
export const readTextFile = async (
  path: string,
  signal: AbortSignal,
  mostBytes = mostTextBytes,
): Promise<Decoded> => {
  try {
    signal.throwIfAborted();
    const { stats, open } = await findInput(path);
    if (stats.isDirectory()) return { problem: isDirectory };
    if (stats.size > mostBytes) return { problem: tooLarge(mostBytes) };
    return await readPieces(await open(signal), signal, mostBytes);
  } catch (error) {
    signal.throwIfAborted();
    return { problem: inputProblem((error as NodeJS.ErrnoException).code) };
  }
};

/** Reads standard input to its end. */
export const readStandardInput = async (
  { stdin, signal, progress }: Session,
  mostBytes = mostTextBytes,
): Promise<Decoded> => {
  progress.show(
    stdin.isTTY ? 'Type the text; Ctrl+D ends it (on Windows Ctrl+Z and Enter).' : 'standard input …',
  );
  return readPieces(stdin, signal, mostBytes);
};

/** Stops at what is certain to be no text, which may go on for ever. */
const readPieces = async (stream: Readable, signal: AbortSignal, mostBytes: number): Promise<Decoded> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of addAbortSignal(signal, stream) as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) return { problem: tooLarge(mostBytes) };
    const binary = pieces.push(piece) === 1 ? binaryProblem(piece) : undefined;
    if (binary) return binary;
  }
  return decodeText(Buffer.concat(pieces));
};

const tooLarge = (mostBytes: number): string => `is larger than ${mostBytes / 1024 / 1024} MB; split it`;
