import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { poll } from '../../support/poll';
import { endWithThisProcess, killGroup, runToEnd } from '../../support/processes';
import { cleanEnvironment, quietSettings } from './environment';
import type { Workbench } from './workbench';

export interface CodeServerOptions {
  /** User settings, over those that keep a workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packages to install first. */
  readonly vsix?: readonly string[];
  /** Added to the environment of the server, and with it to that of the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running code-server with folders of its own, on a free port of the loopback interface. */
export interface CodeServer {
  readonly origin: string;
  /** Prefix that makes an absolute path a resource of this server, for the workbench's payload. */
  readonly authority: string;
  /** Copies the logs of server, extension host and output channels. */
  saveLogs(folder: string): Promise<void>;
  /** Ends all its processes and removes its folders. */
  stop(): Promise<void>;
}

const installTimeout = 60_000;
const startTimeout = 30_000;
const stopTimeout = 5_000;

export async function startCodeServer(
  workbench: Workbench,
  { settings = {}, vsix = [], environment = {} }: CodeServerOptions = {},
): Promise<CodeServer> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-workbench-'));
  try {
    return await startIn(folder, workbench, { settings, vsix, environment });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function startIn(
  folder: string,
  workbench: Workbench,
  { settings, vsix, environment }: Required<CodeServerOptions>,
): Promise<CodeServer> {
  const userData = join(folder, 'user-data');
  const extensions = join(folder, 'extensions');
  await mkdir(join(userData, 'User'), { recursive: true });
  await mkdir(extensions);
  await writeFile(
    join(userData, 'User/settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, null, 2),
  );
  const env = serverEnvironment(folder, workbench, environment);
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  for (const file of vsix) {
    const args = [workbench.entry, ...folders, '--install-extension', file];
    const { code, stdout, stderr } = await runToEnd(workbench.node, args, { env, timeout: installTimeout });
    if (code !== 0) throw new Error(`${file} could not be installed:\n${stdout}\n${stderr}`);
  }

  const child = spawn(
    workbench.node,
    [
      workbench.entry,
      // The system chooses a free port; the log says which.
      ...['--bind-addr', '127.0.0.1:0', '--auth', 'none', ...folders],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', '--ignore-last-opened'],
      // Only with this does the workbench take extensions and tests from the payload of its address.
      ...['--vscode-option', 'enable-smoke-test-driver'],
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  const release = endWithThisProcess(child, () => rmSync(folder, { recursive: true, force: true }));
  let log = '';
  const keep = (chunk: Buffer) => {
    log += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  const stop = async () => {
    killGroup(child, 'SIGTERM');
    const gone = () => (killGroup(child, 0) ? undefined : true);
    await poll('end of code-server', gone, stopTimeout).catch(() => killGroup(child, 'SIGKILL'));
    await poll('end of the killed code-server', gone, stopTimeout);
    release();
    await rm(folder, { recursive: true, force: true });
  };

  try {
    const origin = await poll(
      'start of code-server',
      () => {
        if (child.exitCode !== null) throw new Error(`code-server ended at once:\n${log}`);
        return /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
      },
      startTimeout,
    );
    return {
      origin,
      authority: origin.replace('http', 'vscode-remote'),
      saveLogs: async (target) => {
        await mkdir(target, { recursive: true });
        await writeFile(join(target, 'code-server.log'), log);
        await copyLogs(join(userData, 'logs'), target);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverEnvironment(
  folder: string,
  workbench: Workbench,
  added: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: folder,
    TMPDIR: folder,
    // No gallery: nothing is looked up.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }),
    PATH: `${dirname(workbench.node)}:${process.env['PATH']}`,
    ...added,
  };
}

async function copyLogs(from: string, to: string): Promise<void> {
  const [session] = (await readdir(from).catch(() => [])).sort().reverse();
  if (session) await cp(join(from, session), to, { recursive: true });
}
