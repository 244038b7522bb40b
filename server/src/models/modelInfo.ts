import { basename } from 'node:path';
import type { ModelTask } from '../core/model';
import type { ModelInfo } from '../protocol/models';
import type { BundledEntry, HubEntry } from './catalog';
import { folderBytes } from './folderBytes';
import { cpuPrecisions } from './graphFiles';

/* What people are told of a model. Sizes on disk are of what is there, whether it is used or not. */

export const bundledInfo = (entry: BundledEntry, tasks: readonly ModelTask[], path: string): ModelInfo => ({
  ref: entry.id,
  title: entry.title,
  source: 'bundled',
  tasks,
  installed: true,
  bytes: folderBytes(path),
  licence: entry.licence,
  languages: entry.languages,
  path,
  removable: false,
});

/** @param path absent where it is not installed. */
export const catalogInfo = (entry: HubEntry, ref: string, path: string | undefined): ModelInfo => {
  const bytes = path === undefined ? downloadBytes(entry) : folderBytes(path);
  return {
    ref,
    title: entry.title,
    source: 'catalog',
    tasks: entry.tasks,
    installed: path !== undefined,
    ...(bytes !== undefined && { bytes }),
    licence: entry.licence,
    languages: entry.languages,
    ...(entry.score && { score: entry.score.text }),
    url: entry.url,
    ...(path !== undefined && { path }),
    removable: path !== undefined,
  };
};

export const hubInfo = (ref: string, tasks: readonly ModelTask[], path: string | undefined): ModelInfo => ({
  ref,
  title: ref,
  source: 'hub',
  tasks,
  installed: path !== undefined,
  languages: [],
  ...(path !== undefined && { bytes: folderBytes(path), path }),
  removable: path !== undefined,
});

export const folderInfo = (path: string, tasks: readonly ModelTask[]): ModelInfo => ({
  ref: path,
  title: basename(path),
  source: 'folder',
  tasks,
  installed: true,
  bytes: folderBytes(path),
  languages: [],
  path,
  removable: false,
});

const BYTES_PER_MEGABYTE = 1e6;

/** About as much as a download of the precision that is chosen for a processor. */
function downloadBytes({ megabytes }: HubEntry): number | undefined {
  const size = cpuPrecisions.map((precision) => megabytes[precision]).find((known) => known !== undefined);
  return size === undefined ? undefined : size * BYTES_PER_MEGABYTE;
}
