import type { Steps } from '../core/engineParts';
import type { Priority } from '../core/ports';

/** A request as the queue sees it. */
export interface Job<T> {
  readonly id: number;
  readonly priority: Priority;
  readonly steps: Steps<T>;
  /** @param milliseconds time spent in the steps. */
  done(result: T, milliseconds: number): void;
  failed(error: unknown): void;
}

export interface WorkQueueHooks {
  /** Milliseconds. */
  now(): number;
  /** Before a step of this job. */
  working(id: number): void;
  /** Between steps: lets messages come in. */
  pause(): Promise<void>;
}

interface Entry {
  readonly id: number;
  readonly priority: Priority;
  /** @returns whether the job is over. */
  step(): Promise<boolean>;
  cancel(): void;
}

/** Runs jobs step by step: before each step it chooses anew, interactive jobs first, then the oldest. */
export class WorkQueue {
  readonly #hooks: WorkQueueHooks;
  readonly #entries = new Map<number, Entry>();
  #running = false;

  constructor(hooks: WorkQueueHooks) {
    this.#hooks = hooks;
  }

  add<T>(job: Job<T>): void {
    this.#entries.set(job.id, this.#toEntry(job));
    if (!this.#running) void this.#run();
  }

  /** The job takes no further step and reports nothing. Unknown ids, and those of jobs done, are ignored. */
  cancel(id: number): void {
    this.#entries.get(id)?.cancel();
    this.#entries.delete(id);
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (;;) {
      await this.#hooks.pause();
      const entry = this.#next();
      if (!entry) break;
      this.#hooks.working(entry.id);
      if (await entry.step()) this.#entries.delete(entry.id);
    }
    this.#running = false;
  }

  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries.values()) {
      if (entry.priority === 'interactive') return entry;
      first ??= entry;
    }
    return first;
  }

  #toEntry<T>({ id, priority, steps, done, failed }: Job<T>): Entry {
    let milliseconds = 0;
    let cancelled = false;
    return {
      id,
      priority,
      step: async () => {
        const start = this.#hooks.now();
        try {
          const step = await steps.next();
          milliseconds += this.#hooks.now() - start;
          if (step.done && !cancelled) done(step.value, milliseconds);
          return step.done ?? false;
        } catch (error) {
          if (!cancelled) failed(error);
          return true;
        }
      },
      cancel: () => {
        cancelled = true;
      },
    };
  }
}
