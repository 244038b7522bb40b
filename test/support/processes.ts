import { type ChildProcess, spawn } from 'node:child_process';

export interface Finished {
  /** The exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds that the rest of this process gets to end by itself. */
const leavingTime = 2_000;

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Milliseconds after which the process and all its children are killed. */
  readonly timeout: number;
}

/** Runs a program to its end, or to the end of its time; it and its children are gone afterwards. */
export function runToEnd(
  command: string,
  args: readonly string[],
  { cwd, env, input, timeout }: RunOptions,
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'pipe', detached: true });
    const release = endWithThisProcess(child);
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child, 'SIGKILL');
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      release();
      reject(error);
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      killGroup(child, 'SIGKILL');
      release();
      resolve({ code, timedOut, stdout, stderr });
    });
    // A program that ends without reading its input is no error of the caller.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** Signals a process that was spawned with `detached: true`, and its children. @returns false where none is left. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.platform === 'win32' ? child.kill(signal) : process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/**
 * Ends a detached process group with this process, whichever way this one ends short of SIGKILL.
 * @param cleanUp runs after that, synchronously.
 * @returns stops watching; to be called once the group is gone.
 */
export function endWithThisProcess(child: ChildProcess, cleanUp: () => void = () => {}): () => void {
  const end = () => {
    killGroup(child, 'SIGKILL');
    cleanUp();
  };
  // A test runner's worker whose runner was killed sees no signal, only the end of the channel.
  const exit = () => {
    end();
    leave();
  };
  const reasons = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;
  process.once('exit', end);
  for (const reason of reasons) process.once(reason, exit);
  return () => {
    process.off('exit', end);
    for (const reason of reasons) process.off(reason, exit);
  };
}

/** Ends this process, also where a test runner has made `process.exit` throw. */
function leave(): void {
  try {
    process.exit(1);
  } catch {
    // Others have something to put away, too: Playwright its browser.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), leavingTime);
  }
}
