import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from './hubError';

/** Waits; fails with the signal's reason when it is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** In a row, without a byte in between. */
const MOST_FAILURES = 4;
const FIRST_DELAY_MS = 1000;
/** Whoever is told to wait longer than this is told so instead. */
const LONGEST_DELAY_MS = 30_000;

export const waitForReal: Wait = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
};

/**
 * Tries again what failed in a way that may pass, ever later.
 *
 * @param progress grows whenever an attempt got further, after which the count begins anew.
 * @throws the last failure, or the first that will not pass.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { wait, signal, progress = () => 0 }: { wait: Wait; signal: AbortSignal; progress?: () => number },
): Promise<T> {
  let failures = 0;
  let reached = progress();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HubError) || !error.retry) throw error;
      failures = progress() > reached ? 1 : failures + 1;
      reached = progress();
      const delay = Math.max(FIRST_DELAY_MS * 2 ** (failures - 1), (error.retryAfterSeconds ?? 0) * 1000);
      if (failures === MOST_FAILURES || delay > LONGEST_DELAY_MS) throw error;
      await wait(delay, signal);
    }
  }
}
