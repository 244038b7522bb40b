import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { isPartial } from './downloadBlob';
import { withFileLock } from './fileLock';
import type { CachedSnapshot, HubCache } from './hubCache';
import { removalError } from './hubFailures';
import { waitForReal } from './retries';

/**
 * Removes a snapshot, what stands for it, and the blobs that no other snapshot links to; with the last one also the
 * folder of the repository. What makes it visible goes first, so that a failure leaves nothing that seems whole.
 *
 * @returns how many bytes are free again.
 * @throws HubError
 */
export async function removeSnapshot(
  { repo, commit, refs, path }: CachedSnapshot,
  cache: HubCache,
): Promise<number> {
  return underLock(repo, cache, async () => {
    const others = cache.snapshotsOf(repo).filter((other) => other.commit !== commit);
    const kept = new Set(others.flatMap((other) => blobsOf(other.path, cache, repo)));
    const blobs = new Set(blobsOf(path, cache, repo).filter((blob) => !kept.has(blob)));
    const doomed = others.length === 0 ? [cache.repoFolder(repo)] : [path, ...blobs];
    const bytes = doomed.flatMap(entriesOf).reduce((sum, entry) => sum + sizeOf(entry), 0);
    for (const ref of refs) await rm(cache.refFile(repo, ref), { force: true });
    await rm(path, { recursive: true });
    for (const one of doomed) await rm(one, { recursive: true, force: true });
    return bytes;
  });
}

/**
 * Removes what unfinished downloads of ours left in a repository, and its folder where there is nothing else.
 *
 * @returns how many bytes are free again.
 * @throws HubError
 */
export const removePartialDownloads = (repo: string, cache: HubCache): Promise<number> =>
  underLock(repo, cache, async () => {
    const folder = cache.repoFolder(repo);
    const files = entriesOf(folder).filter((entry) => lstatSync(entry).isFile());
    const partial = files.filter(isPartial);
    const bytes = partial.reduce((sum, file) => sum + sizeOf(file), 0);
    const doomed = partial.length > 0 && partial.length === files.length ? [folder] : partial;
    for (const one of doomed) await rm(one, { recursive: true });
    return bytes;
  });

async function underLock<T>(repo: string, cache: HubCache, action: () => Promise<T>): Promise<T> {
  const options = { wait: waitForReal, signal: new AbortController().signal };
  try {
    return await withFileLock(cache.lockFile(repo), options, action);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    throw code === undefined || syscall === undefined ? error : removalError(repo, code);
  }
}

/** What a snapshot links to, unless that lies anywhere else than links of a snapshot lead. */
function blobsOf(snapshot: string, cache: HubCache, repo: string): readonly string[] {
  const blobs = join(cache.repoFolder(repo), 'blobs') + sep;
  return entriesOf(snapshot)
    .filter((entry) => lstatSync(entry).isSymbolicLink())
    .map((link) => resolve(dirname(link), readlinkSync(link)))
    .filter((target) => target.startsWith(blobs));
}

/** A file, or all that is below a folder; links are not followed. */
const entriesOf = (path: string): readonly string[] => {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats ? [path] : [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((entry) => join(path, entry));
};

const sizeOf = (path: string): number => {
  const stats = lstatSync(path);
  return stats.isFile() ? stats.size : 0;
};
