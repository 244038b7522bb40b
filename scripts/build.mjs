// Bundles the four programs of the extension into dist/. `--watch` keeps going; `--minify`, `--outdir` and
// `--metafile` (which writes what went into the bundles, next to them) are for packages.
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: args } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    minify: { type: 'boolean', default: false },
    metafile: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
});
const outdir = resolve(root, args.outdir);

/**
 * What uploads to the Hub are made with: @huggingface/hub loads it first of all, though nothing here uploads.
 *
 * @type {import('esbuild').Plugin}
 */
const withoutUploads = {
  name: 'without-uploads',
  setup: ({ onResolve, resolve: resolvePath }) => {
    onResolve({ filter: /^@huggingface\/xetchunk-wasm$/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === withoutUploads) return undefined;
      const resolved = await resolvePath(path, { ...options, pluginData: withoutUploads });
      return { ...resolved, sideEffects: false };
    });
  },
};

/**
 * The statistics by which languages are told: 50,000 small objects, of which four in five are like another one. As
 * they come they take 26 MB and several times as long to load.
 *
 * @type {import('esbuild').Plugin}
 */
const withSharedStatistics = {
  name: 'with-shared-statistics',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]eld[\\/]src[\\/]ngrams[\\/]\w+\.js$/ }, async ({ path }) => {
      const { ngramsData } = await import(pathToFileURL(path).href);
      const { ngrams, ...rest } = ngramsData;
      const byScores = new Map();
      for (const [ngram, scores] of Object.entries(ngrams)) {
        const key = JSON.stringify(scores);
        const row = byScores.get(key) ?? [scores];
        byScores.set(key, row);
        row.push(ngram);
      }
      const rows = JSON.stringify([...byScores.values()]);
      const contents = `
        const ngrams = Object.create(null);
        for (const [scores, ...alike] of JSON.parse(${JSON.stringify(rows)}))
          for (const ngram of alike) ngrams[ngram] = scores;
        export const ngramsData = { ...${JSON.stringify(rest)}, ngrams };`;
      return { contents };
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
  entryPoints: {
    client: 'client/src/extension.ts',
    server: 'server/src/main.ts',
    inference: 'server/src/inference/process.ts',
    cli: 'server/src/cli.ts',
  },
  outdir,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // Node.js 20 knows them; by its own tables esbuild would compile such an expression anew at each use.
  supported: { 'regexp-unicode-property-escapes': true },
  // The editor brings `vscode`; the two native packages are loaded from node_modules.
  external: ['vscode', 'onnxruntime-node', 'tokenizers'],
  // Its other form for Node.js finds its parts in a way that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  plugins: [withoutUploads, withSharedStatistics],
  minify: args.minify,
  sourcemap: !args.minify,
  metafile: args.metafile,
  logLevel: 'warning',
};

await rm(outdir, { recursive: true, force: true });
if (args.watch) await (await context(options)).watch();
else {
  const { metafile } = await build(options);
  if (metafile) await writeFile(resolve(outdir, 'meta.json'), JSON.stringify(metafile));
}
