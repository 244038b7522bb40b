import type { Clock } from '../core/ports';

/** Lets other events in: resolves when those that were waiting have been handled. */
export type Pause = () => Promise<void>;

/** Longest stretch of work before other events are let in. Well below what a person notices while typing. */
const SLICE_MILLISECONDS = 5;

/**
 * Drives a generator to its end in short slices. The first slice runs at once, so that little work is done
 * when this returns its promise.
 *
 * @param isCancelled asked between slices; the generator is left when it says so.
 * @returns what the generator returned, undefined when cancelled.
 */
export async function runInSlices<T>(
  work: Generator<void, T>,
  clock: Clock,
  pause: Pause,
  isCancelled: () => boolean,
): Promise<T | undefined>;
export async function runInSlices<T>(work: Generator<void, T>, clock: Clock, pause: Pause): Promise<T>;
export async function runInSlices<T>(
  work: Generator<void, T>,
  clock: Clock,
  pause: Pause,
  isCancelled = () => false,
): Promise<T | undefined> {
  for (;;) {
    const end = clock.now() + SLICE_MILLISECONDS;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (clock.now() < end);
    await pause();
    if (isCancelled()) {
      work.return(undefined as T);
      return undefined;
    }
  }
}
