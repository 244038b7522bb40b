import { createHash } from 'node:crypto';
import { HubClient, type RepositoryFile } from '../../server/src/hub/hubClient';
import type { HubEnvironment } from '../../server/src/hub/hubEnvironment';
import { chooseGraph, listGraphs } from '../../server/src/models/graphFiles';
import { chooseFiles } from '../../server/src/models/repositoryFiles';

/** An entry of models/catalog.json, as it stands there; `repository` is absent for what comes with Subtext. */
interface Entry {
  readonly repository?: string;
  readonly revision: string;
  readonly [field: string]: unknown;
}

export interface Catalog {
  readonly models: readonly Entry[];
}

export interface RefreshOptions {
  readonly environment: HubEnvironment;
  /** Asks for the files of the commits that the catalogue names, instead of the newest ones. */
  readonly keepRevisions: boolean;
  readonly log: (line: string) => void;
}

const BYTES_PER_MEGABYTE = 1e6;
const SHA256_DIGITS = 64;

/**
 * Writes what the Hub says into the entries of its repositories: the commit, and size and SHA-256 of each file that
 * a download may need, in every precision.
 *
 * @throws HubError where a repository cannot be read; nothing is to be written then.
 */
export async function refreshCatalog({ models }: Catalog, options: RefreshOptions): Promise<Catalog> {
  const refreshed: Entry[] = [];
  for (const entry of models) refreshed.push(await refreshEntry(entry, options));
  return { models: refreshed };
}

async function refreshEntry(
  entry: Entry,
  { environment, keepRevisions, log }: RefreshOptions,
): Promise<Entry> {
  const { repository } = entry;
  if (repository === undefined) return entry;
  const { signal } = new AbortController();
  const client = await HubClient.open(environment, repository);
  try {
    const { commit } = await client.info(keepRevisions ? entry.revision : 'main', signal);
    const all = await client.files(commit, signal);
    const files = needed(repository, all);
    const paths = all.map(({ path }) => path);
    const megabytes = listGraphs(paths).map(({ precision, graph, companions }) => {
      const parts = all.filter(({ path }) => path === graph || companions.includes(path));
      const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
      return [precision, Math.max(1, Math.round(bytes / BYTES_PER_MEGABYTE))];
    });
    const checked = [];
    for (const { path, bytes, oid } of files) {
      // The Hub tells the SHA-256 of large files only.
      const sha256 = oid.length === SHA256_DIGITS ? oid : await hash(client, commit, path, signal);
      checked.push({ path, bytes, sha256 });
    }
    log(`${repository}  ${commit === entry.revision ? commit : `${entry.revision} → ${commit}`}`);
    return { ...entry, revision: commit, megabytes: Object.fromEntries(megabytes), files: checked };
  } finally {
    await client.close();
  }
}

/** What a download takes, for every precision. */
function needed(repository: string, all: readonly RepositoryFile[]): readonly RepositoryFile[] {
  const chosen = chooseFiles(repository, all, undefined);
  const paths = all.map(({ path }) => path);
  const usual = chooseGraph(paths);
  const graphs = listGraphs(paths).flatMap(({ graph, companions }) => [graph, ...companions]);
  const isUsual = (path: string) => path === usual?.graph || usual?.companions.includes(path);
  const others = all.filter(({ path }) => graphs.includes(path) && !isUsual(path));
  return [...chosen, ...others];
}

async function hash(client: HubClient, commit: string, path: string, signal: AbortSignal): Promise<string> {
  const response = await client.read(commit, path, 0, signal);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}
