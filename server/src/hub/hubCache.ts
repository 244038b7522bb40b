import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFileSync } from '../files/regularFile';
import { hostileNameError } from './hubFailures';

/** One commit of a repository in the cache. */
export interface CachedSnapshot {
  readonly repo: string;
  readonly commit: string;
  /** Branches and tags that stood for it when it was downloaded. */
  readonly refs: readonly string[];
  /** Absolute path of the folder with its files. */
  readonly path: string;
}

const REPO_PREFIX = 'models--';
const commitPattern = /^[0-9a-f]{40}$/;

export const isCommit = (revision: string): boolean => commitPattern.test(revision);

/**
 * The cache that Python's huggingface_hub and others share:
 * `models--owner--name/{blobs/<etag>, refs/<revision>, snapshots/<commit>/<path>}`, where a file of a snapshot is a
 * link to a blob, or the file itself where there can be no links. Reads small files only; what is not there, or is
 * no cache, is empty.
 */
export class HubCache {
  /** Absolute path. */
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  repoFolder(repo: string): string {
    return join(this.dir, REPO_PREFIX + repo.replaceAll('/', '--'));
  }

  snapshotFolder(repo: string, commit: string): string {
    return join(this.repoFolder(repo), 'snapshots', commit);
  }

  /** @throws HubError where the path of the file would lead elsewhere, or cannot exist on some system. */
  snapshotFile(repo: string, commit: string, path: string): string {
    if (!isSafePath(path)) throw hostileNameError(repo, path);
    return join(this.snapshotFolder(repo, commit), path);
  }

  /** @param oid in hexadecimal digits. */
  blobFile(repo: string, oid: string): string {
    return join(this.repoFolder(repo), 'blobs', oid);
  }

  refFile(repo: string, revision: string): string {
    return join(this.repoFolder(repo), 'refs', revision);
  }

  /** Beside the locks of huggingface_hub, which no reader takes for a repository. */
  lockFile(repo: string): string {
    return join(this.dir, '.locks', REPO_PREFIX + repo.replaceAll('/', '--'), 'subtext.lock');
  }

  /** @returns undefined where nothing of this revision was downloaded. */
  findSnapshot(repo: string, revision: string): CachedSnapshot | undefined {
    const commit = isCommit(revision) ? revision : readRef(this.refFile(repo, revision));
    if (commit === undefined || !existsSync(this.snapshotFolder(repo, commit))) return undefined;
    return {
      repo,
      commit,
      refs: this.#refs(repo).get(commit) ?? [],
      path: this.snapshotFolder(repo, commit),
    };
  }

  listSnapshots(): readonly CachedSnapshot[] {
    return listFolder(this.dir).flatMap((folder) => {
      const [owner, name, ...more] = folder.slice(REPO_PREFIX.length).split('--');
      if (!folder.startsWith(REPO_PREFIX) || !owner || !name || more.length > 0) return [];
      return this.snapshotsOf(`${owner}/${name}`);
    });
  }

  snapshotsOf(repo: string): readonly CachedSnapshot[] {
    const refs = this.#refs(repo);
    return listFolder(join(this.repoFolder(repo), 'snapshots'))
      .filter(isCommit)
      .map((commit) => ({
        repo,
        commit,
        refs: refs.get(commit) ?? [],
        path: this.snapshotFolder(repo, commit),
      }));
  }

  /** Revisions by commit. */
  #refs(repo: string): ReadonlyMap<string, readonly string[]> {
    const folder = join(this.repoFolder(repo), 'refs');
    const commits = new Map<string, string[]>();
    for (const revision of listFiles(folder)) {
      const commit = readRef(join(folder, revision));
      if (commit !== undefined) commits.set(commit, [...(commits.get(commit) ?? []), revision]);
    }
    return commits;
  }
}

/**
 * Files below a folder that can be read, relative to it, with `/`; sorted, so that nobody depends on the order in
 * which the file system happens to give them.
 */
export const listFiles = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => isFile(join(folder, path)))
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
  } catch {
    return [];
  }
};

const isFile = (path: string): boolean => {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const listFolder = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
};

/** A commit takes 40, with a line break or two. */
const mostRefBytes = 100;

function readRef(file: string): string | undefined {
  const content = readRegularFileSync(file, mostRefBytes);
  const commit = 'bytes' in content ? content.bytes.toString('utf8').trim() : '';
  return isCommit(commit) ? commit : undefined;
}

const reservedOnWindows = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
const unsafeInNames = /[\p{Cc}<>:"|?*\\]|[. ]$/u;

/** Whether a path stays in its folder and names a file that every system can have. */
const isSafePath = (path: string): boolean =>
  path.split('/').every((part) => part !== '' && !unsafeInNames.test(part) && !reservedOnWindows.test(part));
