import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What a repository is besides its files; `.hub.json` in its folder, if there is one. */
export interface RepositoryCard {
  /** Of the branch `main`; else it follows from the files. */
  readonly commit?: string;
  readonly pipeline_tag?: string;
  readonly cardData?: object;
  /** Who wants to read it must know this. */
  readonly token?: string;
  /** Listed for everybody, but files only with `token`. */
  readonly gated?: boolean;
  /** Listed besides the files that are there. */
  readonly extraFiles?: readonly { readonly path: string; readonly size: number }[];
}

export interface RepositoryFile {
  readonly path: string;
  readonly content: Buffer;
  /** Git object id. */
  readonly oid: string;
  /** Present where the file is stored aside, as the Hub does with large ones. */
  readonly sha256?: string;
}

export interface Repository {
  readonly card: RepositoryCard;
  readonly commit: string;
  readonly files: readonly RepositoryFile[];
}

const CARD = '.hub.json';
const isStoredAside = (path: string): boolean =>
  /\.(?:onnx|onnx_data(?:_\d+)?|data|bin|safetensors)$/.test(path);

const hash = (algorithm: string, ...parts: readonly (string | Buffer)[]): string => {
  const state = createHash(algorithm);
  for (const part of parts) state.update(part);
  return state.digest('hex');
};

/** Reads a repository as it is now. @returns undefined where there is no such folder. */
export async function readRepository(folder: string): Promise<Repository | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return undefined;
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== CARD)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  const files = await Promise.all(
    paths.map(async (path): Promise<RepositoryFile> => {
      const content = await readFile(join(folder, path));
      return {
        path,
        content,
        oid: hash('sha1', `blob ${content.length}\0`, content),
        ...(isStoredAside(path) && { sha256: hash('sha256', content) }),
      };
    }),
  );
  const json = await readFile(join(folder, CARD), 'utf8').catch(() => '{}');
  const card = JSON.parse(json) as RepositoryCard;
  const commit = card.commit ?? hash('sha1', ...files.map(({ path, oid }) => `${path} ${oid}\n`));
  return { card, commit, files };
}
