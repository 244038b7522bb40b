import type { Clock } from './clock';

/**
 * Runs an action at most once an interval: at once after a pause, so that nothing waits without need, and
 * else once at the end of the interval, so that the last request is never lost.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #interval: number;
  readonly #action: () => void;
  #lastRun = Number.NEGATIVE_INFINITY;
  #pending: { cancel(): void } | undefined;

  /** @param interval in milliseconds */
  constructor(clock: Clock, interval: number, action: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#action = action;
  }

  request(): void {
    if (this.#pending) return;
    const wait = this.#lastRun + this.#interval - this.#clock.now();
    if (wait <= 0) this.#run();
    else this.#pending = this.#clock.setTimeout(() => this.#run(), wait);
  }

  /** Drops a run that is waiting. */
  dispose(): void {
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  #run(): void {
    this.#pending = undefined;
    this.#lastRun = this.#clock.now();
    this.#action();
  }
}
