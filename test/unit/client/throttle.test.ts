import { expect, test } from 'vitest';
import { Throttle } from '../../../client/src/throttle';
import { FakeClock } from '../../support/fakeClock';

function setUp() {
  const clock = new FakeClock();
  const runs: number[] = [];
  return { clock, runs, throttle: new Throttle(clock, 50, () => runs.push(clock.now())) };
}

test('runs at once after a pause, then once at the end of each interval', () => {
  const { clock, runs, throttle } = setUp();
  for (let time = 0; time <= 120; time += 10) {
    throttle.request();
    clock.advance(10);
  }
  clock.advance(1_000);
  throttle.request();
  expect(runs).toEqual([0, 50, 100, 150, 1_130]);
});

test('a disposed throttle drops the run that waits', () => {
  const { clock, runs, throttle } = setUp();
  throttle.request();
  throttle.request();
  throttle.dispose();
  clock.advance(1_000);
  expect(runs).toEqual([0]);
});
