import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { ModelTask, Precision } from '../core/model';
import { EngineError } from '../core/ports';
import { downloadSnapshot, missingFiles, type SnapshotPlan } from '../hub/downloadSnapshot';
import { type CachedSnapshot, HubCache, isCommit, listFiles } from '../hub/hubCache';
import { HubClient, type RepositoryFile, type RepositoryInfo } from '../hub/hubClient';
import type { HubEnvironment } from '../hub/hubEnvironment';
import { removePartialDownloads, removeSnapshot } from '../hub/removeSnapshot';
import { type Wait, waitForReal, withRetries } from '../hub/retries';
import type { DownloadPlan, ModelInfo } from '../protocol/models';
import { type CatalogEntry, type HubEntry, readCatalog } from './catalog';
import { readFields } from './fields';
import { listGraphs } from './graphFiles';
import { OtherUseError, readModelConfig, taskOfHead } from './modelConfig';
import { describeModel } from './modelFolder';
import { bundledInfo, catalogInfo, folderInfo, hubInfo } from './modelInfo';
import type { ModelLocation } from './modelLocation';
import { formatModelRef, type ModelRef } from './modelRef';
import { CONFIG, chooseFiles, isWholeModel } from './repositoryFiles';

type HubRef = Extract<ModelRef, { kind: 'hub' }>;

export interface ModelStoreOptions {
  /** Holds `catalog.json` and the folders that it names. */
  readonly modelsDir: string;
  readonly environment: HubEnvironment;
  /** Between two attempts to download. */
  readonly wait?: Wait;
  /** Removes what was derived from a model that is there no more. */
  readonly prune?: () => Promise<void>;
}

export interface DownloadOptions {
  /** Of the graph; absent: what suits a processor best. */
  readonly precision?: Precision | undefined;
  readonly onProgress: (progress: { readonly receivedBytes: number; readonly totalBytes: number }) => void;
  readonly signal: AbortSignal;
}

const DEFAULT_REVISION = 'main';

/**
 * Models of every origin: where they lie, what there is to choose from, and how they come and go. Only `plan` and
 * `download` reach for the network; the rest reads small files.
 */
export class ModelStore {
  readonly #modelsDir: string;
  readonly #environment: HubEnvironment;
  readonly #cache: HubCache;
  readonly #wait: Wait;
  readonly #prune: () => Promise<void>;
  #entries: readonly CatalogEntry[] | undefined;

  constructor({ modelsDir, environment, wait = waitForReal, prune = async () => {} }: ModelStoreOptions) {
    this.#modelsDir = modelsDir;
    this.#environment = environment;
    this.#cache = new HubCache(environment.cacheDir);
    this.#wait = wait;
    this.#prune = prune;
  }

  /**
   * Where a model lies.
   *
   * @returns undefined where it is not installed, or not in full.
   * @throws EngineError where it cannot be installed either, or is no model.
   */
  resolve(ref: ModelRef): ModelLocation | undefined {
    switch (ref.kind) {
      case 'catalog': {
        const entry = this.#catalog.find(({ id }) => id === ref.id);
        if (entry?.kind !== 'bundled') throw new EngineError(t('The catalogue has no model {0}.', ref.id));
        return { id: entry.id, revision: entry.revision, path: join(this.#modelsDir, entry.bundled), entry };
      }
      case 'folder':
        if (!existsSync(join(ref.path, 'config.json')))
          throw new EngineError(t('{0} is not the folder of a model: it has no config.json.', ref.path));
        return { id: ref.path, revision: '', path: ref.path };
      case 'hub': {
        const snapshot = this.#cache.findSnapshot(ref.repo, this.#revisionOf(ref));
        return snapshot && isWholeModel(listFiles(snapshot.path))
          ? this.#toLocation(snapshot, ref)
          : undefined;
      }
    }
  }

  /**
   * What is known of a model, installed or not.
   *
   * @throws EngineError where there can be no such model.
   */
  info(ref: ModelRef): ModelInfo {
    const location = this.resolve(ref);
    return this.#toInfo(ref, location, location ? describeModel(location).tasks : []);
  }

  /**
   * What can be chosen: what comes with Subtext, the catalogue, and whatever else in the cache can be used.
   *
   * @param folders of the user, for instance those that settings name.
   */
  list(folders: readonly string[] = []): readonly ModelInfo[] {
    const refs: readonly ModelRef[] = [
      ...this.#catalog.map(
        (entry): ModelRef =>
          entry.kind === 'bundled' ? { kind: 'catalog', id: entry.id } : { kind: 'hub', repo: entry.id },
      ),
      ...this.#cache.listSnapshots().map((snapshot) => this.#toRef(snapshot)),
      ...folders.map((path): ModelRef => ({ kind: 'folder', path })),
    ];
    const infos = new Map<string, ModelInfo>();
    for (const ref of refs) {
      const info = this.#listedInfo(ref);
      if (info && !infos.has(info.ref)) infos.set(info.ref, info);
    }
    return [...infos.values()];
  }

  /**
   * Asks the Hub what a download would bring. Network.
   *
   * @param precision of the graph; absent: what suits a processor best.
   * @throws EngineError where there is nothing to download, or a HubError.
   */
  async plan(ref: ModelRef, signal: AbortSignal, precision?: Precision): Promise<DownloadPlan> {
    const hubRef = toHubRef(ref);
    return this.#withClient(hubRef.repo, async (client) => {
      const about = await this.#retrying(() => client.info(this.#revisionOf(hubRef), signal), signal);
      const all = await this.#retrying(() => client.files(about.commit, signal), signal);
      const plan = this.#planSnapshot(hubRef, about.commit, all, precision);
      const graphs = listGraphs(all.map(({ path }) => path));
      const chosen = graphs.find(({ graph }) => plan.files.some(({ path }) => path === graph));
      const task = await this.#retrying(() => readTask(plan, client, signal), signal);
      const missing = missingFiles(plan, this.#cache);
      return {
        model: withHubFacts(this.info(ref), task, about),
        commit: plan.commit,
        host: client.host,
        folder: this.#cache.dir,
        files: plan.files.map(({ path, bytes }) => ({ path, bytes })),
        precision: chosen?.precision ?? 'fp32',
        precisions: graphs.map((one) => ({
          precision: one.precision,
          bytes: sum(this.#planSnapshot(hubRef, about.commit, all, one.precision).files),
        })),
        bytes: sum(plan.files),
        missingBytes: sum(missing),
      };
    });
  }

  /**
   * Downloads what was planned. What has arrived before a failure or cancellation is kept for the next attempt.
   * Network.
   *
   * @param commit of the plan.
   * @throws EngineError where there is nothing to download, or a HubError; the signal's reason.
   */
  async download(
    ref: ModelRef,
    commit: string,
    { onProgress, signal, precision }: DownloadOptions,
  ): Promise<ModelInfo> {
    const hubRef = toHubRef(ref);
    if (!isCommit(commit)) throw new EngineError(`"${commit}" is not a commit.`);
    return this.#withClient(hubRef.repo, async (client) => {
      const all = await this.#retrying(() => client.files(commit, signal), signal);
      const plan = this.#planSnapshot(hubRef, commit, all, precision);
      const totalBytes = sum(plan.files);
      await downloadSnapshot(plan, this.#cache, client, {
        signal,
        wait: this.#wait,
        symlinks: this.#environment.symlinks,
        onProgress: (receivedBytes) => onProgress({ receivedBytes, totalBytes }),
      });
      return this.info(ref);
    });
  }

  /**
   * Removes a model from the cache, or what an unfinished download left there.
   *
   * @returns how many bytes are free again.
   * @throws EngineError where there is nothing that may be removed.
   */
  async remove(ref: ModelRef): Promise<number> {
    const name = formatModelRef(ref);
    if (ref.kind === 'catalog') throw new EngineError(t('{0} is part of Subtext and stays.', name));
    if (ref.kind === 'folder')
      throw new EngineError(t('{0} is a folder of yours. Remove it yourself if you like.', name));
    const snapshot = this.#cache.findSnapshot(ref.repo, this.#revisionOf(ref));
    const bytes = snapshot
      ? await removeSnapshot(snapshot, this.#cache)
      : await removePartialDownloads(ref.repo, this.#cache);
    if (!snapshot && bytes === 0) throw new EngineError(t('{0} is not installed.', name));
    await this.#prune();
    return bytes;
  }

  get #catalog(): readonly CatalogEntry[] {
    this.#entries ??= readCatalog(this.#modelsDir);
    return this.#entries;
  }

  /** The entry of a repository; for a revision that somebody chose, only where it is the same. */
  #entryOf({ repo, revision }: HubRef): HubEntry | undefined {
    const entry = this.#catalog.find(({ id }) => id === repo);
    if (entry?.kind !== 'hub') return undefined;
    return revision === undefined || revision === entry.revision ? entry : undefined;
  }

  #revisionOf(ref: HubRef): string {
    return ref.revision ?? this.#entryOf(ref)?.revision ?? DEFAULT_REVISION;
  }

  #toLocation({ repo, commit, path }: CachedSnapshot, ref: HubRef): ModelLocation {
    const entry = this.#entryOf(ref) ?? this.#entryOf({ ...ref, revision: commit });
    return { id: repo, revision: commit, path, ...(entry && { entry }) };
  }

  /** The shortest reference that leads to a snapshot. */
  #toRef({ repo, commit, refs }: CachedSnapshot): HubRef {
    const isCommitOf = (ref: HubRef) =>
      this.#cache.findSnapshot(repo, this.#revisionOf(ref))?.commit === commit;
    const plain: HubRef = { kind: 'hub', repo };
    if (isCommitOf(plain)) return plain;
    return { kind: 'hub', repo, revision: refs[0] ?? commit };
  }

  #toInfo(ref: ModelRef, location: ModelLocation | undefined, tasks: readonly ModelTask[]): ModelInfo {
    const { entry } = location ?? {};
    if (ref.kind === 'folder') return folderInfo(ref.path, tasks);
    if (entry?.kind === 'bundled') return bundledInfo(entry, tasks, join(this.#modelsDir, entry.bundled));
    const hubEntry = ref.kind === 'hub' ? this.#entryOf(ref) : undefined;
    const text = formatModelRef(ref);
    return hubEntry ? catalogInfo(hubEntry, text, location?.path) : hubInfo(text, tasks, location?.path);
  }

  /** @returns undefined for what is no model, or one that nothing in Subtext can use. */
  #listedInfo(ref: ModelRef): ModelInfo | undefined {
    let location: ModelLocation | undefined;
    try {
      location = this.resolve(ref);
      const info = this.info(ref);
      const isKnown = info.source === 'bundled' || info.source === 'catalog';
      return info.tasks.length > 0 && (info.installed || isKnown) ? info : undefined;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (location === undefined || error instanceof OtherUseError) return undefined;
      return { ...this.#toInfo(ref, location, []), tasks: [], problem: error.message };
    }
  }

  #planSnapshot(
    ref: HubRef,
    commit: string,
    all: readonly RepositoryFile[],
    precision: Precision | undefined,
  ): SnapshotPlan {
    const entry = this.#entryOf({ ...ref, revision: commit });
    return {
      repo: ref.repo,
      revision: this.#revisionOf(ref),
      commit,
      files: chooseFiles(ref.repo, all, entry, precision),
    };
  }

  #retrying<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return withRetries(attempt, { wait: this.#wait, signal });
  }

  async #withClient<T>(repo: string, action: (client: HubClient) => Promise<T>): Promise<T> {
    const client = await HubClient.open(this.#environment, repo);
    try {
      return await action(client);
    } finally {
      await client.close();
    }
  }
}

function toHubRef(ref: ModelRef): HubRef {
  if (ref.kind === 'hub') return ref;
  throw new EngineError(t('{0} lies on this machine; there is nothing to download.', formatModelRef(ref)));
}

/**
 * The configuration is small, and tells before a download what the model is for and whether it can be used.
 *
 * @throws EngineError where that is nothing that Subtext does, or where it is broken.
 */
async function readTask(
  { repo, commit, files }: SnapshotPlan,
  client: HubClient,
  signal: AbortSignal,
): Promise<readonly ModelTask[]> {
  const file = files.find(({ path }) => path === CONFIG);
  if (!file) return [];
  const config = await client.readJson(commit, file, signal);
  return [taskOfHead(readModelConfig(readFields(config, `${repo}/${CONFIG}`)).head)];
}

/** Completes what is known here of a repository that the catalogue does not name. */
const withHubFacts = (
  info: ModelInfo,
  tasks: readonly ModelTask[],
  { licence, languages }: RepositoryInfo,
): ModelInfo =>
  info.source === 'hub' ? { ...info, tasks, languages, ...(licence !== undefined && { licence }) } : info;

const sum = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((bytes, file) => bytes + file.bytes, 0);
