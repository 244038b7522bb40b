import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceSetting } from '../../../server/src/core/device';
import { chooseDevice } from '../../../server/src/inference/devices/chooseDevice';
import { DeviceMemory } from '../../../server/src/inference/devices/deviceMemory';
import { FakeClock } from '../../support/fakeClock';
import { FakeProcesses, type Probe, probed } from './fakeProcesses';

const megabytes = 1024 * 1024;
let folder: string;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'subtext-devices-'));
  log = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Sparse files: they have a size and take no room. */
function makeModel(files: Readonly<Record<string, number>>): void {
  mkdirSync(join(folder, 'model', 'onnx'), { recursive: true });
  for (const [name, size] of Object.entries(files)) {
    const file = join(folder, 'model', 'onnx', name);
    writeFileSync(file, '');
    truncateSync(file, size * megabytes);
    utimesSync(file, 1, 1);
  }
}

const write = (message: string): void => {
  log.push(message);
};
const logger = { info: write, warn: write, error: write };

function choose(
  setting: DeviceSetting,
  answers: Readonly<Record<string, Probe>>,
  {
    platform = 'win32-x64',
    driver = '1',
    clock = new FakeClock(),
    signal = new AbortController().signal,
  } = {},
) {
  const processes = new FakeProcesses(answers);
  const [system = '', arch = ''] = platform.split('-');
  const choice = chooseDevice({ id: 'org/model', revision: 'r', path: join(folder, 'model') }, setting, {
    start: processes.start,
    threads: 1,
    clock,
    signal,
    logger,
    memory: new DeviceMemory(join(folder, 'state', 'devices.json'), logger),
    machine: { platform: system, arch, fingerprint: driver, hardware: () => undefined },
  });
  return { choice, processes };
}

/** A processor that takes 100 tokens a second, whatever the file. */
const cpu = {
  'cpu int8': probed(100, 0.5),
  'cpu fp32': probed(50, 0.4),
  'cpu fp16': probed(10, 0.4),
};
const twoFiles = { 'model_quantized.onnx': 60, 'model.onnx': 240 };

describe('auto', () => {
  test('leaves small models on the processor and tries nothing', async () => {
    makeModel({ 'model_quantized.onnx': 20, 'model.onnx': 80 });
    const { choice, processes } = choose('auto', {});
    expect(await choice).toEqual({ device: 'cpu' });
    expect(processes.probes).toEqual([]);
  });

  test('tries nothing where there is only a processor', async () => {
    makeModel(twoFiles);
    const { choice, processes } = choose('auto', {}, { platform: 'linux-arm64' });
    expect(await choice).toEqual({ device: 'cpu' });
    expect(processes.probes).toEqual([]);
  });

  test('takes the fastest device that agrees with the processor on the same file', async () => {
    makeModel(twoFiles);
    const { choice, processes } = choose('auto', {
      ...cpu,
      'webgpu fp32': probed(300, 0.401),
      'dml fp32': probed(900, 0.402),
    });
    expect(await choice).toEqual({ device: 'dml', precision: 'fp32' });
    expect(processes.probes).toEqual(['cpu int8', 'webgpu fp32', 'cpu fp32', 'dml fp32']);
    expect(processes.killed).toEqual(['cpu', 'webgpu', 'cpu', 'dml']);
  });

  test.each<[string, Readonly<Record<string, Probe>>]>([
    ['is hardly faster', { 'webgpu fp32': probed(119, 0.4), 'dml fp32': { failure: 'none' } }],
    ['gives other numbers', { 'webgpu fp32': probed(900, 0.41), 'dml fp32': { failure: 'none' } }],
    ['gives no numbers', { 'webgpu fp32': probed(900, Number.NaN), 'dml fp32': { failure: 'none' } }],
    ['gives too few numbers', { 'webgpu fp32': probed(900), 'dml fp32': { failure: 'none' } }],
    ['crashes', { 'webgpu fp32': 'crash', 'dml fp32': 'crash' }],
  ])('stays on the processor where the device %s, and remembers it', async (_, answers) => {
    makeModel(twoFiles);
    expect(await choose('auto', { ...cpu, ...answers }).choice).toEqual({ device: 'cpu' });
    const again = choose('auto', {});
    expect(await again.choice).toEqual({ device: 'cpu' });
    expect(again.processes.probes).toEqual([]);
  });

  test('gives up a device that hangs after two minutes', async () => {
    makeModel(twoFiles);
    const clock = new FakeClock();
    const { choice, processes } = choose(
      'auto',
      { ...cpu, 'webgpu fp32': 'hang', 'dml fp32': probed(300, 0.4) },
      { clock },
    );
    while (!processes.probes.includes('webgpu fp32')) await Promise.resolve();
    clock.advance(120_000);
    expect(await choice).toEqual({ device: 'dml', precision: 'fp32' });
    expect(log[1]).toBe('Tried WebGPU (fp32) with org/model: crashed. It gave no answer within 2 minutes.');
    expect(clock.pending).toBe(0);
  });

  test('takes single precision where half precision fails', async () => {
    makeModel({ ...twoFiles, 'model_fp16.onnx': 120 });
    const { choice } = choose('auto', {
      ...cpu,
      'webgpu fp16': { failure: 'no f16' },
      'webgpu fp32': probed(300, 0.4),
      'dml fp16': probed(200, 0.41),
    });
    expect(await choice).toEqual({ device: 'webgpu', precision: 'fp32' });
  });

  test('does not run whole-number weights on a graphics card', async () => {
    makeModel({ 'model_quantized.onnx': 60 });
    const { choice, processes } = choose('auto', cpu);
    expect(await choice).toEqual({ device: 'cpu' });
    expect(processes.probes).toEqual(['cpu int8']);
  });

  test('a model that does not run at all is not the fault of a device, and nothing is remembered', async () => {
    makeModel(twoFiles);
    const answers = { 'cpu int8': { failure: 'broken' } };
    expect(await choose('auto', answers).choice).toEqual({ device: 'cpu' });
    const again = choose('auto', answers);
    await again.choice;
    expect(again.processes.probes).toEqual(['cpu int8']);
  });
});

describe('a named device', () => {
  test('is used where its results agree, and not tried again', async () => {
    makeModel(twoFiles);
    const found = { device: 'webgpu', precision: 'fp32' };
    expect(await choose('webgpu', { ...cpu, 'webgpu fp32': probed(1, 0.4) }).choice).toEqual(found);
    const again = choose('webgpu', {});
    expect(await again.choice).toEqual(found);
    expect(again.processes.probes).toEqual([]);
  });

  test('is used with whole-number weights where there are no others', async () => {
    makeModel({ 'model_quantized.onnx': 1 });
    const { choice } = choose('webgpu', { ...cpu, 'webgpu int8': probed(1, 0.5) });
    expect(await choice).toEqual({ device: 'webgpu', precision: 'int8' });
  });

  test('is used with the only file of a layout of its own', async () => {
    makeModel({ 'encoder.onnx': 1 });
    const { choice } = choose('webgpu', { cpu: probed(100, 0.5), webgpu: probed(1, 0.5) });
    expect(await choice).toEqual({ device: 'webgpu' });
  });

  test.each<[string, Readonly<Record<string, Probe>>, string, boolean]>([
    ['has no driver', { 'webgpu fp32': { failure: 'No adapter.' } }, 'No adapter.', true],
    ['crashes', { 'webgpu fp32': 'crash' }, 'The process that tried it ended (signal SIGSEGV).', false],
    [
      'computes nonsense',
      { 'webgpu fp32': probed(1, 0.9) },
      "Its results differ from the processor's by up to 0.50.",
      false,
    ],
  ])('that %s gives way to the processor with a message', async (_, answers, reason, isTriedAgain) => {
    makeModel(twoFiles);
    const expected = {
      device: 'cpu',
      message: `The model org/model runs on the processor instead of WebGPU. ${reason}`,
    };
    expect(await choose('webgpu', { ...cpu, ...answers }).choice).toEqual(expected);
    const again = choose('webgpu', { ...cpu, ...answers });
    expect(await again.choice).toEqual(expected);
    expect(again.processes.probes.length > 0).toBe(isTriedAgain);
  });

  test('that the platform lacks gives way without a try', async () => {
    makeModel(twoFiles);
    const { choice, processes } = choose('coreml', {});
    expect(await choice).toEqual({
      device: 'cpu',
      message:
        'The model org/model runs on the processor instead of Core ML. There is no Core ML for win32-x64.',
    });
    expect(processes.probes).toEqual([]);
  });

  test('cpu needs no try', async () => {
    expect(await choose('cpu', {}).choice).toEqual({ device: 'cpu' });
  });
});

describe('what is remembered', () => {
  const answers = { ...cpu, 'webgpu fp32': probed(300, 0.4), 'dml fp32': { failure: 'none' } };

  beforeEach(async () => {
    makeModel(twoFiles);
    await choose('auto', answers).choice;
  });

  test.each<[string, () => Parameters<typeof choose>]>([
    ['another driver', () => ['auto', answers, { driver: '2' }]],
    ['another setting', () => ['webgpu', answers]],
    [
      'other weights',
      () => {
        writeFileSync(join(folder, 'model', 'onnx', 'model.onnx.data'), 'new');
        return ['auto', answers];
      },
    ],
    [
      'a damaged file',
      () => {
        writeFileSync(join(folder, 'state', 'devices.json'), '{"version":1,"answers":{"');
        return ['auto', answers];
      },
    ],
    [
      'a file of another version',
      () => {
        writeFileSync(join(folder, 'state', 'devices.json'), '{"version":2,"answers":[]}');
        return ['auto', answers];
      },
    ],
  ])('does not hold for %s', async (_, change) => {
    const again = choose(...change());
    expect(await again.choice).toEqual({ device: 'webgpu', precision: 'fp32' });
    expect(again.processes.probes.length).toBeGreaterThan(0);
    const third = choose(...change());
    expect(await third.choice).toEqual({ device: 'webgpu', precision: 'fp32' });
  });
});

test('a choice that is not wanted any more kills its process', async () => {
  makeModel(twoFiles);
  const controller = new AbortController();
  const { choice, processes } = choose('auto', { 'cpu int8': 'hang' }, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(choice).rejects.toThrow('enough');
  expect(processes.killed).toEqual(['cpu']);
});
