import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type HubEnvironment, readHubEnvironment } from '../../../server/src/hub/hubEnvironment';
import type { Wait } from '../../../server/src/hub/retries';
import { parseModelRef } from '../../../server/src/models/modelRef';
import { type DownloadOptions, ModelStore } from '../../../server/src/models/modelStore';
import { type LocalHub, startLocalHub } from '../../support/localHub/localHub';
import { readRepository } from '../../support/localHub/repository';

/** Bytes that no compression or coincidence makes alike. */
export const noise = (length: number, seed: number): Buffer => {
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
};

export const config = (change: object = {}): string =>
  JSON.stringify({
    architectures: ['BertForTokenClassification'],
    model_type: 'bert',
    hidden_size: 8,
    vocab_size: 10,
    max_position_embeddings: 64,
    pad_token_id: 0,
    id2label: { 0: 'O', 1: 'B-PER', 2: 'I-PER' },
    ...change,
  });

/** A repository as they are on the Hub; the graphs are no graphs. */
export const modelFiles: Readonly<Record<string, string | Buffer>> = {
  'README.md': '# A model',
  'config.json': config(),
  'tokenizer.json': '{"version": "1.0"}',
  'tokenizer_config.json': '{"model_max_length": 64}',
  'onnx/model.onnx': noise(100, 1),
  'onnx/model_quantized.onnx': noise(50_000, 2),
};

/** What is downloaded of them, in this order. */
export const downloadedPaths = [
  'onnx/model_quantized.onnx',
  'tokenizer.json',
  'tokenizer_config.json',
  'config.json',
];

/** Time that does not pass: attempts follow each other at once. */
export const noWait: Wait = async (_milliseconds, signal) => signal.throwIfAborted();

export class HubSetup {
  readonly folder: string;
  readonly hub: LocalHub;

  private constructor(folder: string, hub: LocalHub) {
    this.folder = folder;
    this.hub = hub;
  }

  static async start(options: { readonly pageSize?: number } = {}): Promise<HubSetup> {
    const folder = await mkdtemp(join(tmpdir(), 'subtext-hub-'));
    const setup = new HubSetup(folder, await startLocalHub(join(folder, 'remote'), options));
    await setup.putCatalog([]);
    return setup;
  }

  async stop(): Promise<void> {
    await this.hub.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get cacheDir(): string {
    return join(this.folder, 'cache');
  }

  /** A repository as the Hub has it. */
  async remote(repo: string) {
    const repository = await readRepository(join(this.folder, 'remote', repo));
    if (!repository) throw new Error(`${repo} is not there.`);
    return repository;
  }

  /** Puts files on the Hub. */
  async publish(repo: string, files: Readonly<Record<string, string | Buffer>> = modelFiles): Promise<void> {
    await this.#put(join('remote', repo), files);
  }

  async putCatalog(models: readonly object[]): Promise<void> {
    await this.#put('models', { 'catalog.json': JSON.stringify({ models }) });
  }

  environment(variables: NodeJS.ProcessEnv = {}): HubEnvironment {
    return readHubEnvironment(
      { HF_ENDPOINT: this.hub.endpoint, HF_HUB_CACHE: this.cacheDir, ...variables },
      join(this.folder, 'home'),
    );
  }

  store(variables: NodeJS.ProcessEnv = {}, wait: Wait = noWait): ModelStore {
    return new ModelStore({
      modelsDir: join(this.folder, 'models'),
      environment: this.environment(variables),
      wait,
    });
  }

  /** Plans and downloads. */
  async download(
    ref: string,
    { store = this.store(), ...listener }: Partial<DownloadOptions> & { readonly store?: ModelStore } = {},
  ) {
    const { signal = new AbortController().signal, onProgress = () => {}, precision } = listener;
    const { commit } = await store.plan(parseModelRef(ref), signal, precision);
    return store.download(parseModelRef(ref), commit, { signal, onProgress, precision });
  }

  /** Files and links below the cache, relative to it; locks are left out. */
  cached(): readonly string[] {
    if (!existsSync(this.cacheDir)) return [];
    return readdirSync(this.cacheDir, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.cacheDir.length + 1))
      .filter((path) => !path.startsWith('.locks'))
      .sort();
  }

  async #put(folder: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  }
}
