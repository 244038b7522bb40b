import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../support/paths';

export const modelsDir = join(root, 'models');

export interface Bundle {
  /** Path of the bundled program. */
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Bundles one program as the build does, so that tests do not depend on a build before.
 * It lies below the repository, since native packages are looked up from there.
 *
 * @param entry relative to the root of the repository.
 */
export async function bundle(entry: string): Promise<Bundle> {
  const folder = await mkdtemp(join(root, 'node_modules', '.subtext-test-'));
  const path = join(folder, 'program.js');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node', 'tokenizers'],
    // As the build does.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    logLevel: 'warning',
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Where most tests of the inference process begin. */
export const bundleInference = (): Promise<Bundle> => bundle('server/src/inference/process.ts');
