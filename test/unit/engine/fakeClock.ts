import type { Clock } from '../../../server/src/core/ports';

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Map<object, { readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, milliseconds: number): { cancel(): void } {
    const key = {};
    this.#timers.set(key, { at: this.#now + milliseconds, callback });
    return { cancel: () => this.#timers.delete(key) };
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Fires what falls due, in order; timers set meanwhile, too. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = due[1].at;
      due[1].callback();
    }
    this.#now = end;
  }
}
