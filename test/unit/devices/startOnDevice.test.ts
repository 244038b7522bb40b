import { expect, test } from 'vitest';
import type { DeviceName } from '../../../server/src/core/device';
import type { DeviceChoice } from '../../../server/src/inference/devices/deviceMemory';
import { startOnDevice } from '../../../server/src/inference/devices/startOnDevice';
import { InferenceHost } from '../../../server/src/inference/host';
import type { FromInference, ToInference } from '../../../server/src/inference/messages';
import { FakeClock } from '../../support/fakeClock';
import { fakeLocation } from '../../support/fakeEngine';

/** Lets promises that are settled be noticed. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A host whose processes run on WebGPU until that is given up. */
function create({ choose }: { choose?: (signal: AbortSignal) => Promise<DeviceChoice> } = {}) {
  const started: {
    device: DeviceName;
    received: ToInference[];
    say(message: FromInference): void;
    die(): void;
  }[] = [];
  const given: string[] = [];
  const states: string[] = [];
  const clock = new FakeClock();
  const startChild = startOnDevice({
    start: (device) => (listener) => {
      const received: ToInference[] = [];
      started.push({
        device,
        received,
        say: (message) => listener.message(message),
        die: () => listener.exit('signal SIGSEGV'),
      });
      return { send: (message) => received.push(message), kill: () => listener.exit('signal SIGKILL') };
    },
    choose: async (_, signal) =>
      given.length > 0
        ? { device: 'cpu', message: 'It runs on the processor now.' }
        : ((await choose?.(signal)) ?? { device: 'webgpu', precision: 'fp16' }),
    distrust: ({ id }, device, reason) => given.push(`${id} ${device}: ${reason}`),
  });
  const silent = () => {};
  const host = new InferenceHost({
    location: fakeLocation,
    processPath: '/inference.js',
    threads: 1,
    logger: { info: silent, warn: silent, error: silent },
    clock,
    startChild,
  });
  host.onState(({ status, device, message }) =>
    states.push([status, device, message].filter(Boolean).join(' ')),
  );
  const last = () => {
    const child = started.at(-1);
    if (!child) throw new Error('no process was started');
    return child;
  };
  const analyze = () => host.analyze(['a'], { aggregation: 'simple' });
  return { host, started, last, given, states, clock, analyze };
}

const result = [{ mentions: [], sentiment: [1] }];

test('loads the model on the chosen device, and sends what was asked meanwhile', async () => {
  const { host, started, last, states, analyze } = create();
  host.start();
  const work = analyze();
  await settle();
  expect(started.map(({ device }) => device)).toEqual(['webgpu']);
  expect(last().received.map(({ type }) => type)).toEqual(['load', 'analyze']);
  expect(last().received[0]).toEqual({
    type: 'load',
    location: { ...fakeLocation, precision: 'fp16' },
    threads: 1,
    device: 'webgpu',
  });
  last().say({ type: 'loaded', device: 'webgpu' });
  last().say({ type: 'analyzed', id: 1, results: result, milliseconds: 1 });
  expect(await work).toEqual(result);
  expect(states.at(-1)).toBe('ready webgpu');
});

type Child = ReturnType<ReturnType<typeof create>['last']>;

test.each<[string, (child: Child, clock: FakeClock) => void, string]>([
  [
    'the process dies at its work',
    (child) => child.die(),
    'The inference process ended unexpectedly (signal SIGSEGV).',
  ],
  [
    'a run fails',
    (child) => child.say({ type: 'requestFailed', id: 1, inRuntime: true, message: 'Device lost.' }),
    'Device lost.',
  ],
  [
    'loading fails',
    (child) => child.say({ type: 'loadFailed', message: 'Out of memory.' }),
    'Out of memory.',
  ],
  [
    'the process hangs',
    (_, clock) => clock.advance(60_000),
    'The inference process did not answer any more.',
  ],
])('%s: the processor answers, with one message and nothing lost', async (_, fail, reason) => {
  const { host, started, last, given, states, clock, analyze } = create();
  host.start();
  const work = [analyze(), analyze()];
  await settle();
  last().say({ type: 'loaded', device: 'webgpu' });
  fail(last(), clock);
  clock.advance(100);
  await settle();
  expect(started.map(({ device }) => device)).toEqual(['webgpu', 'cpu']);
  expect(last().received.map(({ type }) => type)).toEqual(['load', 'analyze', 'analyze']);
  last().say({ type: 'loaded', device: 'cpu' });
  for (const id of [1, 2]) last().say({ type: 'analyzed', id, results: result, milliseconds: 1 });
  expect(await Promise.all(work)).toEqual([result, result]);
  expect(given).toEqual([`fake webgpu: ${reason}`]);
  expect(states.at(-1)).toBe('ready cpu It runs on the processor now.');
});

test('a request that makes no sense fails without a word against the device', async () => {
  const { host, last, given, analyze } = create();
  host.start();
  const work = analyze();
  await settle();
  last().say({ type: 'loaded', device: 'webgpu' });
  last().say({ type: 'requestFailed', id: 1, inRuntime: false, message: 'No mask.' });
  await expect(work).rejects.toThrow('No mask.');
  expect(given).toEqual([]);
});

test('ending, restarting or replacing a process is not held against the device', async () => {
  const { host, last, given, started } = create();
  host.start();
  await settle();
  last().say({ type: 'loaded', device: 'webgpu' });
  void host.restart();
  await settle();
  last().say({ type: 'loaded', device: 'webgpu' });
  const gone = host.dispose();
  expect(last().received.map(({ type }) => type)).toEqual(['load', 'shutdown']);
  last().die();
  await gone;
  expect(started.length).toBe(2);
  expect(given).toEqual([]);
});

test('a choice takes as long as it takes, and is given up with the process', async () => {
  const asked: AbortSignal[] = [];
  const { host, started, clock } = create({
    choose: (signal) => {
      asked.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  host.start();
  clock.advance(600_000);
  await settle();
  expect(asked.map(({ aborted }) => aborted)).toEqual([false]);
  await host.dispose();
  expect(asked.map(({ aborted }) => aborted)).toEqual([true]);
  expect(started).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('where the choice itself fails, the processor does the work', async () => {
  const { host, last } = create({ choose: () => Promise.reject(new Error('no such folder')) });
  host.start();
  await settle();
  expect(last().device).toBe('cpu');
});
