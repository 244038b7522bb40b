import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceSetting } from '../../server/src/core/device';
import { bundledModelId } from '../../server/src/core/model';
import type { SentenceAnalysis } from '../../server/src/core/tasks/results';
import { DeviceService } from '../../server/src/inference/devices/deviceService';
import { systemClock } from '../../server/src/inference/systemClock';
import { bundledLocation } from '../../server/src/models/modelFolder';
import type { ModelLocation } from '../../server/src/models/modelLocation';
import { root } from '../support/paths';
import { findSoftwareVulkan } from '../support/vulkan';
import { type Bundle, bundleInference, modelsDir } from './bundle';
import { type ObservedHost, observeHost } from './inferenceHost';

/** Software shaders are slow, so the tests run few and short sentences. */
const sentences = [
  'Angela Merkel visited Paris with Barack Obama.',
  'The service was slow and the soup was cold.',
  '😀 我们在北京大学见到了李明。',
  'مدينة القاهرة في مصر',
  '',
  'Good.',
];
const options = { aggregation: 'average' } as const;
const timeout = 180_000;
/** Of a score in single precision. */
const rounding = 1e-4;

const driver = findSoftwareVulkan();
const bundled = bundledLocation(modelsDir, bundledModelId);
const singlePrecision: ModelLocation = {
  id: 'bert-cased-ner',
  revision: '',
  path: join(root, 'test/fixtures/models/bert-cased-ner'),
};
const masked: ModelLocation = {
  id: 'bert-cased-mlm',
  revision: '',
  path: join(root, 'test/fixtures/models/bert-cased-mlm'),
};

let inference: Bundle;
let stateDir: string;
let log: string[];
let hosts: ObservedHost[];
let variable: string | undefined;

// Devices are tried once for all tests: software takes its time.
beforeAll(async () => {
  inference = await bundleInference();
  stateDir = await mkdtemp(join(tmpdir(), 'subtext-webgpu-'));
});
afterAll(async () => {
  await inference.remove();
  await rm(stateDir, { recursive: true });
});
beforeEach(() => {
  [log, hosts] = [[], []];
  variable = process.env['VK_ICD_FILENAMES'];
});
afterEach(async () => {
  await Promise.all(hosts.map(({ host }) => host.dispose()));
  if (variable === undefined) delete process.env['VK_ICD_FILENAMES'];
  else process.env['VK_ICD_FILENAMES'] = variable;
});

/** @param icd the driver's description; one that is not there means none. */
function createDevices(setting: DeviceSetting, icd = driver ?? 'none'): DeviceService {
  process.env['VK_ICD_FILENAMES'] = icd;
  const write = (line: string): void => {
    log.push(line);
  };
  const devices = new DeviceService({
    processPath: inference.path,
    stateDir,
    fetch: () => Promise.reject(new Error('The network is not to be asked.')),
    clock: systemClock,
    logger: { info: write, warn: write, error: write },
  });
  devices.use(setting);
  return devices;
}

function start(devices: DeviceService, location = singlePrecision): ObservedHost {
  const observed = observeHost({ processPath: inference.path, location, startChild: devices.startChild });
  hosts.push(observed);
  observed.host.start();
  return observed;
}

/** With every score rounded away, and the largest difference of one. */
function compare(actual: readonly SentenceAnalysis[], expected: readonly SentenceAnalysis[]): number {
  const shape = (results: readonly SentenceAnalysis[]) =>
    results.map(({ mentions }) => mentions.map(({ type, start: from, end }) => ({ type, from, end })));
  const scores = (results: readonly SentenceAnalysis[]) =>
    results.flatMap(({ mentions, sentiment }) => [...mentions.map(({ score }) => score), ...sentiment]);
  expect(shape(actual)).toEqual(shape(expected));
  const reference = scores(expected);
  expect(scores(actual).length).toBe(reference.length);
  return Math.max(...scores(actual).map((score, i) => Math.abs(score - (reference[i] ?? Number.NaN))));
}

// Whoever has no driver skips this; CI must have one, and fails here where WebGPU cannot be used.
describe.skipIf(!driver && !process.env['CI'])('WebGPU, on a driver in software', () => {
  test(
    'gives what the processor gives',
    async () => {
      const expected = await start(createDevices('cpu')).host.analyze(sentences, options);
      const { host, children } = start(createDevices('webgpu'));
      const actual = await host.analyze(sentences, options);
      expect(host.state).toMatchObject({ status: 'ready', device: 'webgpu' });
      expect(host.state.message).toBeUndefined();
      expect(compare(actual, expected)).toBeLessThan(rounding);
      expect(children.length).toBe(1);
    },
    timeout,
  );

  test(
    'fills masks',
    async () => {
      const text = 'The capital of France is [MASK].';
      const [expected] = await start(createDevices('cpu'), masked).host.fillMask(text, { topK: 5 });
      const { host } = start(createDevices('webgpu'), masked);
      const [actual] = await host.fillMask(text, { topK: 5 });
      expect(host.state.device).toBe('webgpu');
      const tokens = expected?.candidates.map(({ token }) => token);
      expect(actual?.candidates.map(({ token }) => token)).toEqual(tokens);
      for (const [i, { score }] of (actual?.candidates ?? []).entries()) {
        const difference = Math.abs(score - (expected?.candidates[i]?.score ?? Number.NaN));
        expect(difference).toBeLessThan(rounding);
      }
    },
    timeout,
  );

  test(
    'is tried once, and the answer is remembered',
    async () => {
      expect(await createDevices('webgpu').choose(singlePrecision)).toEqual({
        device: 'webgpu',
        precision: 'fp32',
      });
      log = [];
      expect(await createDevices('webgpu').choose(singlePrecision)).toEqual({
        device: 'webgpu',
        precision: 'fp32',
      });
      expect(log).toEqual([]);
    },
    timeout,
  );

  test(
    'a device whose process is killed at its work gives way to the processor, and every result arrives',
    async () => {
      const expected = await start(createDevices('cpu')).host.analyze(sentences, options);
      const observed = start(createDevices('webgpu'));
      observed.onMessage = ({ type }) => {
        const [{ pid } = {}, second] = observed.children;
        if (type === 'working' && pid !== undefined && !second) process.kill(pid, 'SIGKILL');
      };
      expect(compare(await observed.host.analyze(sentences, options), expected)).toBeLessThan(rounding);
      expect(observed.states.map(({ status, device }) => [status, device].filter(Boolean).join(' '))).toEqual(
        ['starting', 'starting', 'ready webgpu', 'restarting webgpu', 'ready cpu'],
      );
      const message =
        'The model bert-cased-ner runs on the processor instead of WebGPU. The inference process ended unexpectedly (signal SIGKILL).';
      expect(observed.host.state.message).toBe(message);
      expect(log.filter((line) => line === message)).toEqual([message]);
    },
    timeout,
  );

  test(
    'is measured',
    async () => {
      const devices = createDevices('webgpu');
      const rows = await devices.measure([singlePrecision], ['cpu', 'webgpu']);
      expect(rows.map(({ device, precision, status }) => [device, precision, status])).toEqual([
        ['cpu', 'fp32', 'ok'],
        ['webgpu', 'fp32', 'ok'],
      ]);
      expect(rows[0]?.difference).toBe(0);
      expect(rows[1]?.difference).toBeLessThan(1e-4);
      for (const { tokensPerSecond, loadMilliseconds } of rows) {
        expect(tokensPerSecond).toBeGreaterThan(0);
        expect(loadMilliseconds).toBeGreaterThan(0);
      }
    },
    timeout,
  );
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('without what a device needs', () => {
  test.each<[DeviceSetting, string]>([
    ['webgpu', 'instead of WebGPU. The model file'],
    ['cuda', '"Subtext: Install CUDA Support", an NVIDIA driver, CUDA 12 and cuDNN 9.'],
    ['dml', 'There is no DirectML for linux-x64.'],
  ])('%s gives way to the processor with a message', async (setting, message) => {
    const { host, children } = start(createDevices(setting, 'none'), bundled);
    const [result] = await host.analyze(sentences, options);
    expect(result?.mentions.map(({ type }) => type)).toEqual(['PER', 'LOC', 'PER']);
    expect(host.state.device).toBe('cpu');
    expect(host.state.message).toContain('The model subtext-base runs on the processor');
    expect(host.state.message).toContain(message);
    expect(children.length).toBe(1);
  });

  test('auto leaves the bundled model on the processor and starts nothing else', async () => {
    const { host } = start(createDevices('auto', 'none'), bundled);
    await host.analyze(sentences, options);
    expect(host.state).toMatchObject({ device: 'cpu' });
    expect(host.state.message).toBeUndefined();
    expect(log).toEqual([]);
  });
});
