import { open, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../files/makeFolder';
import type { Wait } from './retries';

const POLL_MS = 250;
const HEARTBEAT_MS = 2000;
/** So many looks at a lock whose time stands still, and its holder is dead. */
const LOOKS_UNTIL_STALE = (5 * HEARTBEAT_MS) / POLL_MS;

/**
 * Runs an action while no other process runs one under the same lock file. Node.js has no `flock`, so whoever
 * holds the lock keeps touching the file, and a file that is left alone is taken over. Only the waiter's own clock
 * counts, since the file may be another machine's. Two may still win a lock that was left behind at the very same
 * moment, so nothing done under it may rely on being alone; at worst it fails.
 */
export async function withFileLock<T>(
  file: string,
  { wait, signal }: { readonly wait: Wait; readonly signal: AbortSignal },
  action: () => Promise<T>,
): Promise<T> {
  await makeFolder(dirname(file));
  let time: number | undefined;
  let looks = 0;
  while (!(await tryLock(file))) {
    signal.throwIfAborted();
    const current = (await stat(file).catch(() => undefined))?.mtimeMs;
    looks = current === time ? looks + 1 : 0;
    time = current;
    if (looks >= LOOKS_UNTIL_STALE) await rm(file, { force: true });
    else await wait(POLL_MS, signal);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says EPERM while a file is being deleted.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false;
    throw error;
  }
}
