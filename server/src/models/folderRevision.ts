import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFileSync } from '../files/regularFile';

/** Larger files are told apart by size and date. */
const SMALL_BYTES = 1 << 16;
const DIGITS = 12;

/**
 * Stands for the revision of a folder that has none: another one as soon as a file is another.
 *
 * @param files relative to the folder; those that are missing count, too.
 */
export function folderRevision(path: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const place = join(path, file);
    const stat = statSync(place, { throwIfNoEntry: false });
    const content = !stat ? null : stat.size > SMALL_BYTES ? [stat.size, stat.mtimeMs] : readSmall(place);
    hash.update(JSON.stringify([file, content]));
  }
  return hash.digest('hex').slice(0, DIGITS);
}

function readSmall(file: string): string | null {
  const content = readRegularFileSync(file, SMALL_BYTES);
  return 'bytes' in content ? content.bytes.toString('base64') : null;
}
