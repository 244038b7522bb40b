// Bundles the four programs of the extension into dist/. `--watch` keeps going, `--minify` is for packages.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
  entryPoints: {
    client: 'client/src/extension.ts',
    server: 'server/src/main.ts',
    inference: 'server/src/inference/process.ts',
    cli: 'server/src/cli.ts',
  },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The editor brings `vscode`; the two native packages are loaded from node_modules.
  external: ['vscode', 'onnxruntime-node', 'tokenizers'],
  minify: process.argv.includes('--minify'),
  sourcemap: !process.argv.includes('--minify'),
  logLevel: 'warning',
};

await rm(`${root}dist`, { recursive: true, force: true });
if (watch) await (await context(options)).watch();
else await build(options);
