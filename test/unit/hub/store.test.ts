import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseModelRef } from '../../../server/src/models/modelRef';
import { config, downloadedPaths, HubSetup, modelFiles } from './setup';

const REPO = 'org/model';
const ref = parseModelRef(REPO);
const graphPath = 'onnx/model_quantized.onnx';
const never = new AbortController().signal;
const hubBytes = (paths: readonly string[]) =>
  paths.reduce((bytes, path) => bytes + Buffer.from(modelFiles[path] ?? '').length, 0);

let setup: HubSetup;
beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish(REPO);
});
afterEach(() => setup.stop());

const remote = () => setup.remote(REPO);

const entry = (change: object = {}) => ({
  repository: REPO,
  revision: 'main',
  title: 'A model',
  licence: 'MIT',
  languages: ['en'],
  tasks: ['entities'],
  limits: { maxTokens: 32 },
  labels: {},
  megabytes: { fp32: 4, int8: 1 },
  score: { text: 'F1 90', source: 'https://example.org' },
  url: 'https://example.org/model',
  files: [],
  ...change,
});

describe('resolving', () => {
  it('finds nothing before a download, and the commit of the revision after it', async () => {
    const store = setup.store();
    expect(store.resolve(ref)).toBeUndefined();
    await setup.download(REPO);
    const { commit } = await remote();
    const path = join(setup.cacheDir, 'models--org--model/snapshots', commit);
    expect(store.resolve(ref)).toEqual({ id: REPO, revision: commit, path });
    expect(store.resolve(parseModelRef(`${REPO}@${commit}`))).toEqual({ id: REPO, revision: commit, path });
    expect(store.resolve(parseModelRef(`${REPO}@other`))).toBeUndefined();
  });

  it.each(['config.json', 'tokenizer.json', 'onnx/model_quantized.onnx'])(
    'does not take a snapshot without %s for an installed model, and a download completes it',
    async (path) => {
      await setup.download(REPO);
      const { commit } = await remote();
      await unlink(join(setup.cacheDir, 'models--org--model/snapshots', commit, path));
      expect(setup.store().resolve(ref)).toBeUndefined();
      await setup.download(REPO);
      expect(setup.store().resolve(ref)).toBeDefined();
    },
  );

  it('does not follow a link to a blob that is gone', async () => {
    await setup.download(REPO);
    await rm(join(setup.cacheDir, 'models--org--model/blobs'), { recursive: true });
    expect(setup.store().resolve(ref)).toBeUndefined();
  });

  it('takes the commit and the entry of the catalogue unless another revision is asked for', async () => {
    const { commit } = await remote();
    await setup.putCatalog([entry({ revision: commit })]);
    await setup.download(REPO);
    const location = setup.store().resolve(ref);
    expect(location).toMatchObject({ revision: commit, entry: { id: REPO, limits: { maxTokens: 32 } } });
    // A commit needs no name to stand for it.
    expect(existsSync(join(setup.cacheDir, 'models--org--model/refs'))).toBe(false);
    await setup.publish(REPO, { 'config.json': config({ hidden_size: 16 }) });
    await setup.download(`${REPO}@main`);
    expect(setup.store().resolve(ref)).toEqual(location);
    expect(setup.store().resolve(parseModelRef(`${REPO}@main`))).not.toHaveProperty('entry');
    expect(setup.store().resolve(parseModelRef(`${REPO}@${commit}`))).toEqual(location);
  });

  it('finds folders and what comes with Subtext, and says what is none', async () => {
    await setup.publish('../models/mini', { 'config.json': config() });
    const store = setup.store();
    const path = join(setup.folder, 'models/mini');
    expect(store.resolve({ kind: 'folder', path })).toEqual({ id: path, revision: '', path });
    expect(() => store.resolve({ kind: 'folder', path: setup.folder })).toThrow(
      `${setup.folder} is not the folder of a model: it has no config.json.`,
    );
    expect(() => store.resolve({ kind: 'catalog', id: 'other' })).toThrow(
      'The catalogue has no model other.',
    );
  });
});

describe('the list', () => {
  const installed = (path: string) => ({ installed: true, removable: true, path });

  it('has the catalogue, what is in the cache, and folders; each once', async () => {
    await setup.putCatalog([entry(), entry({ repository: 'org/questions', tasks: [] })]);
    await setup.publish('org/unknown');
    await setup.publish(`../cache/models--org--asks/snapshots/${'0'.repeat(40)}`, {
      ...modelFiles,
      'config.json': config({ architectures: ['BertForQuestionAnswering'] }),
    });
    await setup.publish('../mine', modelFiles);
    const store = setup.store();
    const unknown = { title: 'org/unknown', source: 'hub', tasks: ['entities'], languages: [] };
    const known = {
      ref: REPO,
      title: 'A model',
      source: 'catalog',
      tasks: ['entities'],
      licence: 'MIT',
      languages: ['en'],
      score: 'F1 90',
      url: 'https://example.org/model',
    };
    expect(store.list()).toEqual([{ ...known, installed: false, bytes: 1e6, removable: false }]);

    await setup.download(REPO);
    const old = await setup.download('org/unknown');
    await setup.publish('org/unknown', { 'config.json': config({ hidden_size: 16 }) });
    const current = await setup.download('org/unknown');
    const folder = join(setup.folder, 'mine');
    const bytes = hubBytes(downloadedPaths);
    const { commit } = await remote();
    const list = store.list([folder, join(setup.folder, 'nowhere')]);
    const path = join(setup.cacheDir, 'models--org--model/snapshots', commit);
    const unknowns = [
      { ...unknown, ...installed(current.path ?? ''), ref: 'org/unknown', bytes: bytes + 1 },
      {
        ...unknown,
        ...installed(old.path ?? ''),
        ref: `org/unknown@${old.path?.slice(-40)}`,
        title: `org/unknown@${old.path?.slice(-40)}`,
        bytes,
      },
    ];
    expect(list.filter((info) => info.source !== 'hub')).toEqual([
      { ...known, ...installed(path), bytes },
      {
        ref: folder,
        title: 'mine',
        source: 'folder',
        tasks: ['entities'],
        installed: true,
        bytes: hubBytes(Object.keys(modelFiles)),
        languages: [],
        path: folder,
        removable: false,
      },
    ]);
    const byRef = (a: { ref: string }, b: { ref: string }) => a.ref.localeCompare(b.ref);
    expect(list.filter((info) => info.source === 'hub').toSorted(byRef)).toEqual(unknowns);
    // The Hub is asked only by plans and downloads.
    expect(setup.hub.requests.filter(({ path }) => path.includes('org/questions'))).toEqual([]);
  });

  it('has broken models, with the reason, beside those that work', async () => {
    await setup.putCatalog([entry()]);
    await setup.download(REPO);
    const put = (repo: string, files: Readonly<Record<string, string | Buffer>>) =>
      setup.publish(`../cache/models--${repo.replace('/', '--')}/snapshots/${'0'.repeat(40)}`, {
        ...modelFiles,
        ...files,
      });
    await put('org/many', { 'config.json': config({ id2label: null, num_labels: 4e9 }) });
    await put('org/deep', { 'config.json': '['.repeat(10_000) });
    await put('org/list', { 'config.json': '[]' });
    await put('org/embeddings', { 'config.json': config({ architectures: ['BertModel'] }) });
    await put('org/untold', { 'config.json': '{}' });
    await setup.publish('../mine', { ...modelFiles, 'config.json': config({ vocab_size: -1 }) });
    const mine = join(setup.folder, 'mine');
    const broken = (text: string, problem: string) => [
      text,
      [],
      true,
      expect.stringMatching(new RegExp(`config\\.json.*${problem}`)),
    ];
    const byRef = (a: { ref: string }, b: { ref: string }) => a.ref.localeCompare(b.ref);
    const list = setup.store().list([mine]).toSorted(byRef);
    expect(
      list.map(({ ref: text, tasks, installed: isHere, problem }) => [text, tasks, isHere, problem]),
    ).toEqual([
      broken(mine, '"vocab_size" must be a whole number from 1 to 10,000,000'),
      broken(`org/deep@${'0'.repeat(40)}`, 'nested deeper than 100 levels'),
      broken(`org/list@${'0'.repeat(40)}`, 'expected an object'),
      broken(`org/many@${'0'.repeat(40)}`, '"num_labels" must be a whole number from 1 to 10,000'),
      [REPO, ['entities'], true, undefined],
    ]);
    // A broken one is not offered for a task, but can be removed.
    expect(list.filter(({ problem, removable }) => problem !== undefined && removable)).toHaveLength(3);
    expect(() => setup.store().info(parseModelRef(mine))).toThrow('"vocab_size" must be');
  });

  it('has a catalogue model that is broken here, with no task', async () => {
    await setup.putCatalog([entry()]);
    const { path = '' } = await setup.download(REPO);
    await rm(join(path, 'config.json'));
    await writeFile(join(path, 'config.json'), '{');
    expect(setup.store().list()).toMatchObject([
      {
        ref: REPO,
        title: 'A model',
        installed: true,
        tasks: [],
        problem: expect.stringContaining('not valid JSON'),
      },
    ]);
  });

  it('passes over what is no cache', async () => {
    await mkdir(join(setup.cacheDir, 'models--nothing'), { recursive: true });
    await mkdir(join(setup.cacheDir, 'datasets--org--data/snapshots', '0'.repeat(40)), { recursive: true });
    await mkdir(join(setup.cacheDir, 'models--org--empty/snapshots', '0'.repeat(40)), { recursive: true });
    await mkdir(join(setup.cacheDir, 'models--org--odd/snapshots/main'), { recursive: true });
    await writeFile(join(setup.cacheDir, 'models--org--file'), '');
    expect(setup.store().list()).toEqual([]);
  });
});

describe('the catalogue', () => {
  const known = async (path: string, change: object = {}) => {
    const { createHash } = await import('node:crypto');
    const content = Buffer.from(modelFiles[path] ?? '');
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, bytes: content.length, sha256, ...change };
  };
  const other = '0'.repeat(64);

  const putEntry = async (...files: readonly object[]) => {
    const { commit } = await remote();
    await setup.putCatalog([entry({ revision: commit, files })]);
  };

  it('lets pass what it names', async () => {
    await putEntry(await known(graphPath), await known('config.json'));
    expect(await setup.download(REPO)).toMatchObject({ installed: true });
  });

  it.each([
    [graphPath, { sha256: other }],
    [graphPath, { bytes: 1 }],
    ['config.json', { sha256: other }],
  ])('stops what has another content than it says: %s %j', async (path, change) => {
    await putEntry(await known(path, change));
    await expect(setup.download(REPO)).rejects.toThrow(
      `${path} of org/model is not what the catalogue of Subtext says, and was not installed. Do not use this source.`,
    );
    expect(setup.store().resolve(ref)).toBeUndefined();
  });
});

describe('removing', () => {
  it('leaves nothing of the last revision', async () => {
    await setup.download(REPO);
    expect(await setup.store().remove(ref)).toBe(hubBytes(downloadedPaths) + 40);
    expect(setup.cached()).toEqual([]);
    expect(readdirSync(setup.cacheDir)).toEqual(['.locks']);
  });

  it('keeps what another revision needs', async () => {
    const old = await remote();
    await setup.download(REPO);
    await setup.publish(REPO, { 'config.json': config({ hidden_size: 16 }) });
    await setup.download(REPO);
    expect(await setup.store().remove(ref)).toBe(config({ hidden_size: 16 }).length);
    expect(setup.store().resolve(ref)).toBeUndefined();
    expect(setup.store().resolve(parseModelRef(`${REPO}@${old.commit}`))).toBeDefined();
    expect(setup.cached().filter((path) => path.includes('/refs/'))).toEqual([]);
  });

  it('does not follow links that lead out of the cache', async () => {
    await setup.download(REPO);
    const { commit } = await remote();
    const outside = join(setup.folder, 'outside');
    await writeFile(outside, 'mine');
    await symlink(outside, join(setup.cacheDir, 'models--org--model/snapshots', commit, 'link'));
    await setup.store().remove(ref);
    expect(lstatSync(outside).size).toBe(4);
  });

  it('takes away what an unfinished download left', async () => {
    const graph = (await remote()).files.find(({ path }) => path === graphPath);
    setup.hub.faults.add({ path: graph?.sha256 ?? '', stallAfter: 100 });
    const controller = new AbortController();
    const onProgress = ({ receivedBytes }: { readonly receivedBytes: number }) => {
      if (receivedBytes === 100) controller.abort();
    };
    await setup.download(REPO, { signal: controller.signal, onProgress }).catch(() => {});
    expect(setup.cached()).toEqual([`models--org--model/blobs/${graph?.sha256}.subtext.incomplete`]);
    expect(await setup.store().remove(ref)).toBe(100);
    expect(readdirSync(setup.cacheDir)).toEqual(['.locks']);
  });

  it('refuses what is not its own, or not there', async () => {
    await setup.publish('../models/mini', { 'config.json': config() });
    const store = setup.store();
    await expect(store.remove(ref)).rejects.toThrow('org/model is not installed.');
    await expect(store.remove({ kind: 'catalog', id: 'subtext-base' })).rejects.toThrow(
      'subtext-base is part of Subtext and stays.',
    );
    await expect(store.remove({ kind: 'folder', path: '/models' })).rejects.toThrow(
      '/models is a folder of yours. Remove it yourself if you like.',
    );
  });
});

describe('what lies on this machine', () => {
  it('is not downloaded', async () => {
    await expect(setup.store().plan({ kind: 'catalog', id: 'subtext-base' }, never)).rejects.toThrow(
      'subtext-base lies on this machine; there is nothing to download.',
    );
  });
});
