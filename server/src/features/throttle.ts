import type { Clock } from '../core/ports';

/** Runs an action at most once an interval; the last call is never lost. */
export class Throttle {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #action: () => void;
  #last = Number.NEGATIVE_INFINITY;
  #timer: { cancel(): void } | undefined;

  constructor(clock: Clock, milliseconds: number, action: () => void) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#action = action;
  }

  /** @param now whether this call is not to wait; others run in a turn of the event loop of their own. */
  run(now: boolean): void {
    if (now) {
      this.#act();
    } else {
      const wait = this.#last + this.#milliseconds - this.#clock.now();
      this.#timer ??= this.#clock.setTimeout(() => this.#act(), Math.max(0, wait));
    }
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #act(): void {
    this.cancel();
    this.#last = this.#clock.now();
    this.#action();
  }
}
