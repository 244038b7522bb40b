// Installs the dependencies where they are missing. Plain Node without packages: this runs before any is there.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const minimumNode = [20, 19];

/** Makes node_modules what package-lock.json says; says in one line what it does, and nothing if all is there. */
export async function ensureDependencies() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
    throw new Error(`Subtext needs Node.js ${minimumNode.join('.')} or newer; this is ${process.version}.`);
  }
  if (isInstalled()) return;
  const started = Date.now();
  process.stderr.write('Installing the dependencies with npm ci … ');
  const { code, output } = await npm(['ci', '--no-fund', '--no-audit', '--loglevel=error'], root);
  if (code !== 0) {
    process.stderr.write('failed\n');
    throw new Error(
      `npm ci ended with code ${code}:\n${lastLines(output, 20)}\n` +
        'Check that the npm registry can be reached (behind a proxy: npm config set https-proxy URL), then run the same command again.',
    );
  }
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/**
 * npm keeps a copy of the lock file inside node_modules after every finished install. Where each package of
 * ours has the same version there, nothing is to be done; packages for other platforms may be missing.
 */
function isInstalled() {
  const installedLock = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === entry.version && existsSync(`${root}${path}`) : entry.optional === true;
  });
}

/** Runs npm quietly; its output is kept for the case that it fails. */
function npm(args, cwd) {
  // Under `npm run`, this is the very npm that the user called.
  const cli = process.env.npm_execpath;
  const [command, prefix] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, ...args], {
      cwd,
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd on Windows, which only a shell can start.
      shell: command === 'npm' && process.platform === 'win32',
    });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const lastLines = (text, count) => text.trimEnd().split('\n').slice(-count).join('\n');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureDependencies().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
