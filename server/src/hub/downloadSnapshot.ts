import { statSync } from 'node:fs';
import { copyFile, rename, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { makeFolder } from '../files/makeFolder';
import { downloadBlob, partialFile } from './downloadBlob';
import { withFileLock } from './fileLock';
import type { HubCache } from './hubCache';
import type { HubClient, RepositoryFile } from './hubClient';
import { fileError, spaceError } from './hubFailures';
import type { Wait } from './retries';

/** Some files of one commit. */
export interface SnapshotPlan {
  readonly repo: string;
  /** A branch or tag that is to stand for the commit from now on; or the commit itself. */
  readonly revision: string;
  readonly commit: string;
  /** The last one is the last to become visible: what readers look for first. */
  readonly files: readonly RepositoryFile[];
}

export interface DownloadOptions {
  readonly onProgress: (receivedBytes: number) => void;
  readonly signal: AbortSignal;
  readonly wait: Wait;
  readonly symlinks: boolean;
}

/** Those files of a plan that are not in the cache in full. */
export const missingFiles = (
  { repo, commit, files }: SnapshotPlan,
  cache: HubCache,
): readonly RepositoryFile[] =>
  files.filter(
    ({ path, oid, bytes }) =>
      sizeOf(cache.snapshotFile(repo, commit, path)) !== bytes && sizeOf(cache.blobFile(repo, oid)) !== bytes,
  );

/**
 * Downloads what is missing of a snapshot. Blobs come first, each of them checked and renamed into place; then, all
 * of them being there, the snapshot gets its links, and at last the revision is made to stand for it.
 *
 * @throws HubError
 */
export async function downloadSnapshot(
  plan: SnapshotPlan,
  cache: HubCache,
  client: HubClient,
  options: DownloadOptions,
): Promise<void> {
  const { repo, revision, commit, files } = plan;
  const { signal, wait, onProgress } = options;
  const total = sum(files);
  let remaining = total;
  try {
    await withFileLock(cache.lockFile(repo), { wait, signal }, async () => {
      const missing = missingFiles(plan, cache);
      remaining = sum(missing);
      // Readers want both folders, however little is in them.
      await makeFolder(dirname(cache.blobFile(repo, commit)));
      await makeFolder(dirname(cache.snapshotFolder(repo, commit)));
      await checkSpace(missing, plan, cache);
      onProgress(total - remaining);
      for (const file of missing) {
        await downloadBlob({
          client,
          repo,
          commit,
          file,
          target: cache.blobFile(repo, file.oid),
          signal,
          wait,
          onReceived: (bytes) => onProgress(total - remaining + Math.min(bytes, file.bytes)),
        });
        remaining -= file.bytes;
      }
      signal.throwIfAborted();
      const isNew = new Set(missing);
      for (const file of files) await place(file, plan, cache, options.symlinks, isNew.has(file));
      if (revision !== commit) await writeRef(cache.refFile(repo, revision), commit);
    });
  } catch (error) {
    throw fileError(error, cache.dir, remaining);
  }
}

/** Half a download would leave the disk full. */
async function checkSpace(
  missing: readonly RepositoryFile[],
  { repo }: SnapshotPlan,
  cache: HubCache,
): Promise<void> {
  const present = missing.map(({ oid }) => sizeOf(partialFile(cache.blobFile(repo, oid))) ?? 0);
  const needed = sum(missing) - present.reduce((bytes, more) => bytes + more, 0);
  const { bavail, bsize } = await statfs(cache.dir);
  if (needed > bavail * bsize) throw spaceError(cache.dir, needed - bavail * bsize);
}

/** Where file systems do not link, or users may not, as on Windows. */
const noLinkCodes = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'UNKNOWN']);

/** Makes a file of the snapshot of a blob, as huggingface_hub does. */
async function place(
  { path, oid, bytes }: RepositoryFile,
  { repo, commit }: SnapshotPlan,
  cache: HubCache,
  symlinks: boolean,
  isNew: boolean,
): Promise<void> {
  const file = cache.snapshotFile(repo, commit, path);
  if (sizeOf(file) === bytes) return;
  const blob = cache.blobFile(repo, oid);
  await makeFolder(dirname(file));
  await rm(file, { force: true });
  if (symlinks) {
    try {
      await symlink(relative(dirname(file), blob), file);
      return;
    } catch (error) {
      if (!noLinkCodes.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  // A blob that was here before may be what another snapshot was copied from, and of use again.
  if (isNew) await rename(blob, file);
  else await copyFile(blob, file);
}

/** A reader sees the old commit or the new one, never half of a name. */
async function writeRef(file: string, commit: string): Promise<void> {
  await makeFolder(dirname(file));
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, commit);
  await rename(draft, file);
}

const sum = (files: readonly RepositoryFile[]): number =>
  files.reduce((bytes, file) => bytes + file.bytes, 0);

/** @returns undefined where there is no such file, for whatever reason. */
const sizeOf = (file: string): number | undefined => {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
};
