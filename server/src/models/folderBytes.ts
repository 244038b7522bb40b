import { statSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../hub/hubCache';

/** What the files below a folder take of the disk; those that cannot be read count nothing. */
export const folderBytes = (path: string): number =>
  listFiles(path).reduce(
    (bytes, file) => bytes + (statSync(join(path, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
