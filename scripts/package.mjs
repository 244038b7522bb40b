// Makes a .vsix a platform, each with that platform's native files only:
//   node scripts/package.mjs [--target linux-x64 …] [--all] [--out DIR] [--stage-only]
// Without a target, this machine's. Stages are left in .cache/package/ for inspection.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { targets } from './package/nativeRuntime.mjs';
import { stageExtension } from './package/stage.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const work = join(root, '.cache/package');
const build = join(work, 'build');

const { values: args } = parseArgs({
  options: {
    target: { type: 'string', multiple: true },
    all: { type: 'boolean', default: false },
    out: { type: 'string', default: root },
    'stage-only': { type: 'boolean', default: false },
  },
});
const chosen = args.all ? Object.keys(targets) : (args.target ?? [`${process.platform}-${process.arch}`]);
const unknown = chosen.filter((target) => !(target in targets));
if (unknown.length > 0) {
  console.error(`No package for ${unknown.join(', ')}. Known targets: ${Object.keys(targets).join(', ')}.`);
  process.exit(2);
}

/** The tools say themselves what went wrong. @param {string} script @param {string[]} options @param {string} cwd */
const run = (script, options, cwd) => {
  const { status } = spawnSync(process.execPath, [script, ...options], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
};

const vscePackage = createRequire(import.meta.url).resolve('@vscode/vsce/package.json');
const vsce = join(dirname(vscePackage), JSON.parse(await readFile(vscePackage, 'utf8')).bin.vsce);

run(join(root, 'scripts/build.mjs'), ['--minify', '--metafile', '--outdir', build], root);
await mkdir(args.out, { recursive: true });
const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
for (const target of chosen) {
  const stage = join(work, target);
  await stageExtension({ root, build, target, stage });
  if (args['stage-only']) {
    console.log(stage);
    continue;
  }
  const file = resolve(args.out, `${name}-${target}-${version}.vsix`);
  const options = ['--target', target, '--no-dependencies', '--no-rewrite-relative-links'];
  run(vsce, ['package', ...options, '--allow-missing-repository', '--out', file], stage);
  console.log(`${file} (${((await stat(file)).size / 1e6).toFixed(1)} MB)`);
}
