// npm run bench [-- BENCHES… OPTIONS]: installs and builds what is missing, then measures. `--help` lists all.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensureBuilt.mjs';
import { ensureDependencies } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const peer = `${root}test/bench/peer/`;
const args = process.argv.slice(2);

try {
  await ensureDependencies();
  ensureBuilt();
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.length === 0 || names.some((name) => ['throughput', 'shapes'].includes(name))) installPeer();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${root}test/bench/main.ts`, ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

/** transformers.js is only here to be compared with, so it is installed for this and by itself. */
function installPeer() {
  const { dependencies } = JSON.parse(readFileSync(`${peer}package.json`, 'utf8'));
  const isInstalled = Object.entries(dependencies).every(([name, version]) => {
    const file = `${peer}node_modules/${name}/package.json`;
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
  if (isInstalled) return;
  process.stderr.write('Installing transformers.js to compare with …\n');
  const { status } = spawnSync(
    'npm install --ignore-scripts --no-package-lock --no-fund --no-audit --loglevel error',
    {
      cwd: peer,
      shell: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      // npm run tells its children which package it runs for.
      env: { ...process.env, npm_config_prefix: undefined, npm_config_local_prefix: undefined },
    },
  );
  if (status !== 0) throw new Error('transformers.js could not be installed: is the npm registry reachable?');
}
