import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { run } from '../../../server/src/cli/run';
import { formatModelRef } from '../../../server/src/models/modelRef';
import type { ModelStore } from '../../../server/src/models/modelStore';
import type { DeviceMeasurement } from '../../../server/src/protocol/models';
import { fakeLocation } from '../../support/fakeEngine';

const rows = (model: string): readonly DeviceMeasurement[] => [
  {
    device: 'cpu',
    hardware: 'Some \u001b[31mProcessor',
    precision: 'int8',
    model,
    status: 'ok',
    loadMilliseconds: 120.4,
    tokensPerSecond: 3_210.9,
    difference: 0,
    weightSign: 'unsigned',
  },
  {
    device: 'webgpu',
    precision: 'fp16',
    model,
    status: 'wrong',
    loadMilliseconds: 900,
    tokensPerSecond: 99_000,
    difference: 0.1234,
    message: 'Its results differ.',
    weightSign: 'signed',
  },
  { device: 'cuda', precision: 'fp16', model, status: 'unavailable', message: 'There is no driver.' },
];

const subtext = async (...args: readonly string[]) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const store: Pick<ModelStore, 'resolve'> = {
    resolve: (ref) => {
      const id = formatModelRef(ref);
      return id === 'org/missing' ? undefined : { ...fakeLocation, id };
    },
  };
  const code = await run({
    args: ['devices', ...args],
    streams: { stdin: Readable.from([]), stdout, stderr },
    environment: {},
    startEngine: () => Promise.reject(new Error('No engine is needed.')),
    openStore: () => store as ModelStore,
    openDevices: () => ({
      devices: ['cpu', 'webgpu', 'cuda'],
      measure: async (locations) => locations.flatMap(({ id }) => rows(id)),
    }),
    signal: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await outputs;
  return { code, out, err };
};

test('prints a table, how 8-bit weights are used, and why a device is of no use', async () => {
  expect(await subtext()).toEqual({
    code: 0,
    out: `  device  precision  load ms  tokens/s  difference       result            hardware
  cpu          int8      120     3,211         0.0           ok  Some [31mProcessor
  webgpu       fp16      900    99,000        0.12        wrong
  cuda         fp16                                 unavailable
cpu: Products with signed 8-bit weights saturate, so they are used as unsigned ones: exact, and somewhat slower.
webgpu: Products with signed 8-bit weights are exact, so weights are used as they are.
webgpu (fp16): Its results differ.
cuda (fp16): There is no driver.
`,
    err: '',
  });
});

test('prints the figures as JSON', async () => {
  const { out } = await subtext('--model', 'org/model', '--format', 'json');
  expect(JSON.parse(out)).toEqual({ version: 1, devices: rows('org/model') });
});

test('a model that is not installed is an error', async () => {
  expect(await subtext('--model', 'org/missing')).toEqual({
    code: 1,
    out: '',
    err: 'subtext: The model org/missing is not installed.\n',
  });
});
