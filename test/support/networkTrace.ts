import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable } from './executables';
import { type Finished, runToEnd } from './processes';

/*
 * Watches the system calls of a program and of everything that it starts. Unlike a firewall or a missing
 * network this sees the attempt, which is what must not be: a connection that fails has left a trace elsewhere.
 */

export interface NetworkTrace extends Finished {
  /**
   * System calls that open, connect or send through a socket of any kind but the local one (AF_UNIX). Looking
   * up a name is among them: the resolver asks through an internet socket.
   */
  readonly attempts: readonly string[];
}

/** Whether strace is there and allowed to trace. */
export function canTraceNetwork(): boolean {
  if (process.platform !== 'linux' || !findExecutable('strace')) return false;
  return spawnSync('strace', ['-f', '-e', 'trace=none', '-o', '/dev/null', 'true']).status === 0;
}

/** Runs Node.js with these arguments under the tracer. */
export async function traceNetwork(
  args: readonly string[],
  options: { readonly input?: string; readonly timeout: number; readonly env?: NodeJS.ProcessEnv },
): Promise<NetworkTrace> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-trace-'));
  try {
    const log = join(folder, 'trace.log');
    const tracer = ['-f', '-qq', '-e', 'trace=%network', '-o', log, process.execPath, ...args];
    const finished = await runToEnd('strace', tracer, options);
    const lines = (await readFile(log, 'utf8')).split('\n');
    return { ...finished, attempts: lines.filter((line) => /\bAF_(?!UNIX\b|UNSPEC\b)/.test(line)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
