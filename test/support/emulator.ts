import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findExecutable } from './executables';

/** A processor with AVX2 and without VNNI, whose products with signed 8-bit weights saturate. */
const processor = 'EPYC-Milan';

/** QEMU's emulator of x86-64 for single programs; undefined where it is missing. */
export const findEmulator = (): string | undefined =>
  process.platform === 'linux' && process.arch === 'x64' ? findExecutable('qemu-x86_64') : undefined;

/**
 * Writes a program that runs Node.js on an emulated processor.
 *
 * @param folder for it.
 * @returns its path, fit for `process.execPath`.
 */
export async function writeEmulatedNode(folder: string, emulator: string): Promise<string> {
  const path = join(folder, 'emulated-node');
  await writeFile(path, `#!/bin/sh\nexec '${emulator}' -cpu ${processor} '${process.execPath}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
