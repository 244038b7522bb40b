import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseModelRef } from '../../server/src/models/modelRef';
import { config, downloadedPaths, HubSetup, modelFiles } from '../unit/hub/setup';

/** An interpreter with models/training/requirements.txt installed, huggingface_hub among it. */
const python = process.env['SUBTEXT_TRAINING_PYTHON'] ?? '';
const run = promisify(execFile);

const ours = 'org/ours';
const theirs = 'org/theirs';
const shared = 'org/shared';

let setup: HubSetup;

/** Runs Python with the local Hub and cache. @returns what it prints, as JSON. */
async function py(script: string, variables: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const { stdout } = await run(python, ['-W', 'error', '-c', `import json, sys\n${script}`], {
    env: {
      ...process.env,
      HF_ENDPOINT: setup.hub.endpoint,
      HF_HUB_CACHE: setup.cacheDir,
      HF_HUB_DISABLE_PROGRESS_BARS: '1',
      HF_HUB_DISABLE_TELEMETRY: '1',
      HF_HUB_DISABLE_UPDATE_CHECK: '1',
      ...variables,
    },
  });
  return JSON.parse(stdout);
}

/** What Python sees of the cache. */
const scan = () =>
  py(`
from huggingface_hub import scan_cache_dir
info = scan_cache_dir()
print(json.dumps({
  "warnings": [str(w) for w in info.warnings],
  "incomplete": len(info.incomplete_files),
  "repos": sorted([r.repo_id, r.nb_files, r.size_on_disk, sorted(
    [sorted(v.refs), len(v.files), v.size_on_disk] for v in r.revisions)] for r in info.repos),
}))`);

const bytesOf = (files: Readonly<Record<string, string | Buffer>>, paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + Buffer.from(files[path] ?? '').length, 0);

const changed = { ...modelFiles, 'config.json': config({ hidden_size: 16 }) };
const all = Object.keys(modelFiles);

describe.skipIf(!python)(
  'for maintainers, only where SUBTEXT_TRAINING_PYTHON names an interpreter: the cache, shared with huggingface_hub',
  () => {
    beforeAll(async () => {
      setup = await HubSetup.start();
      for (const repo of [ours, theirs, shared]) await setup.publish(repo);
    });
    afterAll(() => setup.stop());

    it('Python reads what we wrote, without a network', async () => {
      const { path } = await setup.download(ours);
      const seen = await py(
        `
from huggingface_hub import hf_hub_download, snapshot_download, try_to_load_from_cache
folder = snapshot_download("${ours}", local_files_only=True)
paths = ${JSON.stringify(downloadedPaths)}
for path in paths:
  assert hf_hub_download("${ours}", path, local_files_only=True) == folder + "/" + path
  assert try_to_load_from_cache("${ours}", path) == folder + "/" + path
print(json.dumps([folder, [len(open(folder + "/" + path, "rb").read()) for path in paths]]))`,
        { HF_HUB_OFFLINE: '1' },
      );
      expect(seen).toEqual([path, downloadedPaths.map((one) => Buffer.from(modelFiles[one] ?? '').length)]);
      const bytes = bytesOf(modelFiles, downloadedPaths);
      expect(await scan()).toEqual({
        warnings: [],
        incomplete: 0,
        repos: [[ours, 4, bytes, [[['main'], 4, bytes]]]],
      });
    });

    it('Python has nothing to download of what we wrote', async () => {
      const before = setup.hub.sentBytes;
      await py(`
from huggingface_hub import hf_hub_download
for path in ${JSON.stringify(downloadedPaths)}:
  hf_hub_download("${ours}", path)
print("null")`);
      expect(setup.hub.sentBytes).toBe(before);
    });

    it('we find what Python wrote', async () => {
      const folder = await py(`
from huggingface_hub import snapshot_download
print(json.dumps(snapshot_download("${theirs}")))`);
      const store = setup.store();
      expect(store.resolve(parseModelRef(theirs))?.path).toBe(folder);
      const info = { ref: theirs, path: folder, installed: true, bytes: bytesOf(modelFiles, all) };
      expect(store.list()).toContainEqual(expect.objectContaining(info));
      expect(await store.plan(parseModelRef(theirs), new AbortController().signal)).toMatchObject({
        missingBytes: 0,
      });
    });

    it('each adds to a repository of the other, and removes what is its own', async () => {
      await py(`
from huggingface_hub import snapshot_download
print(json.dumps(snapshot_download("${shared}")))`);
      const old = setup.store().resolve(parseModelRef(shared))?.revision;
      await setup.publish(shared, changed);
      await setup.download(shared);
      const bytes = bytesOf(modelFiles, all);
      const more = changed['config.json'].length;
      const repos = async () =>
        ((await scan()) as { readonly repos: readonly [string, ...unknown[]][] }).repos.find(
          ([id]) => id === shared,
        );
      const newest = [['main'], 4, bytesOf(changed, downloadedPaths)];
      expect(await repos()).toEqual([shared, 7, bytes + more, [[[], 6, bytes], newest]]);

      await setup.store().remove(parseModelRef(`${shared}@${old}`));
      expect(await repos()).toEqual([shared, 4, newest[2], [newest]]);
      await py(`
from huggingface_hub import scan_cache_dir
info = scan_cache_dir()
commits = [v.commit_hash for r in info.repos if r.repo_id == "${shared}" for v in r.revisions]
info.delete_revisions(*commits).execute()
print("null")`);
      expect(setup.store().resolve(parseModelRef(shared))).toBeUndefined();
      expect(await scan()).toMatchObject({ warnings: [] });
    });

    it('Python reads what we wrote without links', async () => {
      await setup.publish('org/plain');
      const store = setup.store({ HF_HUB_DISABLE_SYMLINKS: '1' });
      const { path } = await setup.download('org/plain', { store });
      const script = `
from huggingface_hub import snapshot_download
print(json.dumps(snapshot_download("org/plain", local_files_only=True)))`;
      expect(await py(script, { HF_HUB_OFFLINE: '1' })).toBe(path);
      expect(await scan()).toMatchObject({ warnings: [] });
      await store.remove(parseModelRef('org/plain'));
      expect(existsSync(path ?? '')).toBe(false);
    });

    it('Python counts what an unfinished download left as such', async () => {
      await setup.publish('org/cut');
      setup.hub.faults.add({ path: '/tokenizer.json', stallAfter: 5, times: 1 });
      const controller = new AbortController();
      const expected = bytesOf(modelFiles, ['onnx/model_quantized.onnx']) + 5;
      await setup
        .download('org/cut', {
          signal: controller.signal,
          onProgress: ({ receivedBytes }) => {
            if (receivedBytes === expected) controller.abort();
          },
        })
        .catch(() => {});
      expect(controller.signal.aborted).toBe(true);
      expect(await scan()).toMatchObject({ incomplete: 1, warnings: [] });
      await setup.store().remove(parseModelRef('org/cut'));
      expect(await scan()).toMatchObject({ incomplete: 0 });
    });
  },
);
