import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** A file of an extension package. */
export interface PackagedFile {
  /** In the package: `extension/…` is what an editor installs, the rest describes it. */
  readonly path: string;
  /** Unix permission bits, for instance 0o644. */
  readonly mode: number;
  /** Uncompressed, in bytes. */
  readonly size: number;
}

/**
 * Lists and unpacks a .vsix.
 *
 * @param folder where to; made here.
 * @returns the files, sorted by path.
 */
export const unpackVsix = async (vsix: string, folder: string): Promise<readonly PackagedFile[]> => {
  const files: PackagedFile[] = [];
  const zip = await openPromise(vsix);
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const file = {
      path: entry.fileName,
      mode: (entry.externalFileAttributes >>> 16) & 0o777,
      size: entry.uncompressedSize,
    };
    files.push(file);
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode: file.mode }));
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
};
