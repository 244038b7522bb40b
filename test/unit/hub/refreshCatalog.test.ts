import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatJson } from '../../../scripts/catalog/formatJson';
import { refreshCatalog } from '../../../scripts/catalog/refreshCatalog';
import { HubSetup, modelFiles, noise } from './setup';

let setup: HubSetup;
beforeEach(async () => {
  setup = await HubSetup.start();
  await setup.publish('org/model');
});
afterEach(() => setup.stop());

const files: Readonly<Record<string, string | Buffer>> = {
  ...modelFiles,
  'onnx/model.onnx': noise(1_600_000, 4),
  'onnx/model.onnx_data': noise(1_000_000, 5),
};

const bundled = { id: 'mini', revision: '1' };
const entry = (revision: string) => ({
  repository: 'org/model',
  revision,
  title: 'A model',
  megabytes: {},
  files: [],
});

const refresh = (revision: string, keepRevisions: boolean, log: string[] = []) =>
  refreshCatalog(
    { models: [bundled, entry(revision)] },
    { environment: setup.environment(), keepRevisions, log: (line) => log.push(line) },
  );

it('writes the commit, sizes and checksums of all that a download may need', async () => {
  await setup.publish('org/model', files);
  const log: string[] = [];
  const { models } = await refresh('main', false, log);
  const [first, second] = models;
  const revision = second?.revision ?? '';
  expect(revision).toMatch(/^[0-9a-f]{40}$/);
  expect(first).toBe(bundled);
  const paths = [
    'onnx/model_quantized.onnx',
    'tokenizer.json',
    'tokenizer_config.json',
    'config.json',
    'onnx/model.onnx',
    'onnx/model.onnx_data',
  ];
  expect(second).toEqual({
    ...entry(revision),
    megabytes: { fp32: 3, int8: 1 },
    files: paths.map((path) => {
      const content = Buffer.from(files[path] ?? '');
      return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  });
  expect(log).toEqual([`org/model  main → ${revision}`]);
  // What it wrote is what a download demands.
  await setup.putCatalog([
    { ...second, licence: 'MIT', languages: [], tasks: [], limits: { maxTokens: 8 }, labels: {}, url: 'x' },
  ]);
  expect(await setup.download('org/model')).toMatchObject({ installed: true });
});

it('keeps the revisions if it shall, and fails where they are gone', async () => {
  const [, { revision } = entry('')] = (await refresh('main', false)).models;
  expect((await refresh(revision, true)).models[1]).toMatchObject({ revision });
  await setup.publish('org/model', files);
  await expect(refresh(revision, true)).rejects.toThrow('org/model has no such revision.');
});

it('writes JSON as people do', () => {
  const long = 'x'.repeat(80);
  expect(formatJson({ a: [1, { b: null }], c: [long, long], d: {}, e: [] })).toBe(
    `{\n  "a": [1, { "b": null }],\n  "c": [\n    "${long}",\n    "${long}"\n  ],\n  "d": {},\n  "e": []\n}\n`,
  );
});
