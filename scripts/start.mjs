// npm start: installs and builds what is missing, then analyses samples/ or the files given after `--`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensureBuilt.mjs';
import { ensureDependencies } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where the user stands; npm itself starts scripts in the project's folder. */
const here = process.env.INIT_CWD ?? process.cwd();

try {
  await ensureDependencies();
  ensureBuilt();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given : samples();
const started = performance.now();
subtext(['analyze', ...files]);
console.log();
subtext(['fill', 'She was born in New [MASK] City.']);
console.error(`\nAll done in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
if (given.length === 0) {
  console.error(
    'Your own files: npm start -- FILES…    In the editor: npm run editor    All options: node dist/cli.js --help',
  );
}

/** Runs the command line program on the terminal of this one, and ends with its exit code where it fails. */
function subtext(args) {
  const { status, signal, error } = spawnSync(process.execPath, [`${root}dist/cli.js`, ...args], {
    cwd: here,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) {
    if (signal) console.error(`subtext ${args[0]} was ended by ${signal}.`);
    process.exit(status ?? 1);
  }
}

/** The paths of the samples, relative where that is shorter to read. */
function samples() {
  const folder = here === root.replace(/[\\/]$/, '') ? 'samples/' : `${root}samples/`;
  return (
    readdirSync(`${root}samples`)
      // Texts, and of the other formats what shows best what is read of them.
      .filter((name) => /\.(md|txt|tex|srt|ts)$/.test(name))
      .sort()
      .map((name) => folder + name)
  );
}
