import { expect, test } from 'vitest';
import type { Steps } from '../../../server/src/core/engineParts';
import type { Priority } from '../../../server/src/core/ports';
import { WorkQueue } from '../../../server/src/inference/workQueue';

/** A queue whose time passes by ten with each step, and a log of what happened. */
function create() {
  const log: string[] = [];
  let now = 0;
  /** What comes in before a step, by the count of steps done. */
  const arrivals = new Map<number, () => void>();
  let steps = 0;
  let idle = () => {};
  const queue = new WorkQueue({
    now: () => now,
    working: (id) => {
      log.push(`step of ${id}`);
    },
    pause: async () => {
      arrivals.get(steps)?.();
      arrivals.delete(steps);
    },
  });
  async function* count(id: number, length: number): Steps<string> {
    for (let i = 1; ; i++) {
      now += 10;
      steps++;
      if (id < 0) throw new Error('broken');
      if (i === length) return `result of ${id}`;
      yield;
    }
  }
  const add = (id: number, length: number, priority: Priority = 'bulk'): void =>
    queue.add({
      id,
      priority,
      steps: count(id, length),
      done: (result, milliseconds) => {
        log.push(`${result} in ${milliseconds} ms`);
        idle();
      },
      failed: (error) => {
        log.push(`${id}: ${error}`);
        idle();
      },
    });
  /** Resolves when so many jobs have ended. */
  const ended = (jobs: number) =>
    new Promise<void>((resolve) => {
      let left = jobs;
      idle = () => {
        if (--left === 0) resolve();
      };
    });
  return { queue, log, arrivals, add, ended };
}

test('does jobs in the order they came, and tells the time of each', async () => {
  const { log, add, ended } = create();
  add(1, 2);
  add(2, 1);
  await ended(2);
  expect(log).toEqual([
    'step of 1',
    'step of 1',
    'result of 1 in 20 ms',
    'step of 2',
    'result of 2 in 10 ms',
  ]);
});

test('does interactive jobs between the steps of others, and does not charge them for it', async () => {
  const { log, arrivals, add, ended } = create();
  add(1, 3);
  arrivals.set(1, () => {
    add(2, 1, 'interactive');
    add(3, 1, 'interactive');
  });
  await ended(3);
  expect(log).toEqual([
    'step of 1',
    'step of 2',
    'result of 2 in 10 ms',
    'step of 3',
    'result of 3 in 10 ms',
    'step of 1',
    'step of 1',
    'result of 1 in 30 ms',
  ]);
});

test('drops a cancelled job at its next step', async () => {
  const { queue, log, arrivals, add, ended } = create();
  add(1, 5);
  add(2, 1);
  arrivals.set(2, () => {
    queue.cancel(1);
    queue.cancel(99);
  });
  await ended(1);
  expect(log).toEqual(['step of 1', 'step of 1', 'step of 2', 'result of 2 in 10 ms']);
});

test('goes on after a job that fails, and when work comes after a rest', async () => {
  const { log, add, ended } = create();
  add(-1, 1);
  add(2, 1);
  await ended(2);
  add(3, 1);
  await ended(1);
  expect(log).toEqual([
    'step of -1',
    '-1: Error: broken',
    'step of 2',
    'result of 2 in 10 ms',
    'step of 3',
    'result of 3 in 10 ms',
  ]);
});
