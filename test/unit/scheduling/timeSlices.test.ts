import { describe, expect, it } from 'vitest';
import { runInSlices } from '../../../server/src/scheduling/timeSlices';
import { FakeClock } from '../../support/fakeClock';

describe('runInSlices', () => {
  function* steps(clock: FakeClock, count: number, log: number[]): Generator<void, string> {
    for (let i = 0; i < count; i++) {
      clock.advance(2);
      log.push(i);
      yield;
    }
    return 'done';
  }

  it('finishes little work before anything else runs', () => {
    const clock = new FakeClock();
    const log: number[] = [];
    void runInSlices(
      steps(clock, 2, log),
      clock,
      () => Promise.reject(new Error('No pause expected')),
      () => false,
    );
    expect(log).toEqual([0, 1]);
  });

  it('pauses after each slice', async () => {
    const clock = new FakeClock();
    const log: number[] = [];
    const pauses: number[] = [];
    const pause = async () => void pauses.push(log.length);
    expect(await runInSlices(steps(clock, 7, log), clock, pause, () => false)).toBe('done');
    expect(pauses).toEqual([3, 6]);
  });

  it('leaves the work when cancelled', async () => {
    const clock = new FakeClock();
    const log: number[] = [];
    const result = await runInSlices(
      steps(clock, 100, log),
      clock,
      async () => {},
      () => log.length > 5,
    );
    expect(result).toBeUndefined();
    expect(log).toHaveLength(6);
  });
});
