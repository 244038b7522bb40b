import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleInference } from './bundle';
import { observeHost } from './inferenceHost';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-native-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A package with one file of JavaScript. */
async function writePackage(name: string, code: string): Promise<void> {
  const path = join(folder, 'node_modules', name, 'index.js');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
}

test.each([
  ['are missing', async () => {}, /^The native libraries .+ Cannot find module '.+' Install the package/],
  [
    'are made for another platform',
    async () => {
      await writeFile(join(folder, 'binding.node'), 'no library');
      for (const name of ['tokenizers', 'onnxruntime-node'])
        await writePackage(name, "require('../../binding.node')");
    },
    new RegExp(`^The native libraries .+binding\\.node.+\\(${process.platform}-${process.arch}\\)`),
  ],
])('libraries that %s are told at once, with what to do', async (_, prepare, message) => {
  const inference = await bundleInference();
  const processPath = join(folder, 'program.js');
  await copyFile(inference.path, processPath);
  await inference.remove();
  await prepare();
  const { host, children } = observeHost({ processPath });
  host.start();
  await expect(host.analyze(['Anna'], { aggregation: 'average' })).rejects.toThrow(message);
  expect(host.state.status).toBe('failed');
  // Nothing is gained by trying again.
  expect(children.length).toBe(1);
  await host.dispose();
});
