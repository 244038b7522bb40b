// Builds dist/ where it is missing or older than what it is made from.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['client/src', 'server/src', 'scripts/build.mjs', 'package-lock.json'];
const outputs = ['client', 'server', 'inference', 'cli'].map((name) => `dist/${name}.js`);

export function ensureBuilt() {
  if (isUpToDate()) return;
  const started = Date.now();
  process.stderr.write('Building … ');
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write('failed\n');
    throw new Error(stderr);
  }
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

function isUpToDate() {
  const newestSource = Math.max(...sources.map((path) => newestChange(join(root, path))));
  return outputs.every((path) => {
    const built = statSync(join(root, path), { throwIfNoEntry: false });
    return built !== undefined && built.mtimeMs >= newestSource;
  });
}

/** A folder's own time counts as well: it changes when a file in it is removed or renamed. */
function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
