import { closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/*
 * Files that somebody else put there: a link in a cloned folder may lead to a pipe, where reading waits for ever, or
 * to a device, where it never ends.
 */

/** What a file holds, or why it was not read; the problem completes "FILE …". */
export type FileContent =
  | { readonly bytes: Buffer }
  | { readonly problem: string /** Of the system, where it refused. */; readonly code?: string | undefined };

const BYTES_PER_MEGABYTE = 1e6;
const CHUNK_BYTES = 1 << 16;

/** A file may become a pipe after the look at it; opened so, that one does not wait. Windows has no such flag. */
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Reads a regular file. Whatever stands against it is a problem, not an exception. */
export async function readRegularFile(path: string, mostBytes: number): Promise<FileContent> {
  try {
    const problem = problemOf(await stat(path), mostBytes);
    if (problem !== undefined) return { problem };
    const file = await open(path, readWithoutWaiting);
    // One byte more tells that it has grown.
    return limited(await buffer(file.createReadStream({ end: mostBytes })), mostBytes);
  } catch (error) {
    return refused(error);
  }
}

/** The same for small files, without another turn of the event loop. */
export function readRegularFileSync(path: string, mostBytes: number): FileContent {
  try {
    const problem = problemOf(statSync(path), mostBytes);
    if (problem !== undefined) return { problem };
    const descriptor = openSync(path, readWithoutWaiting);
    try {
      return limited(readAtMost(descriptor, mostBytes + 1), mostBytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return refused(error);
  }
}

/** Why a file cannot be read, as far as can be told without opening it. */
export function regularFileProblem(path: string, mostBytes: number): string | undefined {
  try {
    return problemOf(statSync(path), mostBytes);
  } catch (error) {
    return refused(error).problem;
  }
}

function problemOf(stats: Stats, mostBytes: number): string | undefined {
  if (stats.isDirectory()) return 'is a directory, not a file';
  if (stats.isFIFO()) return 'is a pipe, not a regular file';
  if (stats.isSocket()) return 'is a socket, not a regular file';
  if (!stats.isFile()) return 'is a device, not a regular file';
  return stats.size > mostBytes ? tooLarge(mostBytes) : undefined;
}

const tooLarge = (mostBytes: number): string => `is larger than ${mostBytes / BYTES_PER_MEGABYTE} MB`;

const limited = (bytes: Buffer, mostBytes: number): FileContent =>
  bytes.length > mostBytes ? { problem: tooLarge(mostBytes) } : { bytes };

function refused(error: unknown): { readonly problem: string; readonly code: string | undefined } {
  const { code } = error as NodeJS.ErrnoException;
  return { problem: `cannot be read (${code ?? 'unknown error'})`, code };
}

/** The size that a file system tells is no bound: files of `/proc` say zero. */
function readAtMost(descriptor: number, mostBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let left = mostBytes; left > 0; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
    const count = readSync(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(chunks);
}
