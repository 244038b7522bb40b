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
  /** System calls that have to do with any other socket than a local one, or that ask a local name service. */
  readonly attempts: readonly string[];
}

/** An address family other than the local one, or the local socket of a daemon that looks up names. */
const attempt = /\bAF_(?!UNIX\b|UNSPEC\b)|sun_path="[^"]*(nscd|systemd[./]resolve|io\.systemd\.Resolve)/;

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
    return { ...finished, attempts: lines.filter((line) => attempt.test(line)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
