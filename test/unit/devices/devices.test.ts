import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceMemory } from '../../../server/src/inference/devices/deviceMemory';
import { devicesOf } from '../../../server/src/inference/devices/devices';
import { nvidiaCard, readMachine } from '../../../server/src/inference/devices/machine';
import { toReason } from '../../../server/src/inference/ortSession';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'subtext-devices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['linux', 'x64', ['cpu', 'webgpu', 'cuda']],
  ['linux', 'arm64', ['cpu']],
  ['win32', 'x64', ['cpu', 'webgpu', 'dml']],
  ['win32', 'arm64', ['cpu', 'webgpu', 'dml']],
  ['darwin', 'arm64', ['cpu', 'webgpu', 'coreml']],
  ['freebsd', 'x64', ['cpu']],
])('%s %s can have %j', (platform, arch, expected) => {
  expect(devicesOf(platform, arch)).toEqual(expected);
});

test('names the first NVIDIA card, or none', () => {
  expect(nvidiaCard(folder)).toBeUndefined();
  mkdirSync(join(folder, '0000:01:00.0'));
  expect(nvidiaCard(folder)).toBeUndefined();
  const information = 'Model: \t\t NVIDIA GeForce RTX 4070\nIRQ:   \t\t 88\n';
  writeFileSync(join(folder, '0000:01:00.0', 'information'), information);
  expect(nvidiaCard(folder)).toBe('NVIDIA GeForce RTX 4070');
  expect(nvidiaCard(join(folder, 'none'))).toBeUndefined();
});

test('the same machine has the same fingerprint', () => {
  expect(readMachine().fingerprint).toBe(readMachine().fingerprint);
});

test('of an error of onnxruntime what went wrong is kept, its source files are not', () => {
  const error = new Error(
    '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 Initialize(const Config&)::<lambda()> adapter.status == Success was false. Failed to get a WebGPU adapter: No supported adapters\n\n',
  );
  expect(toReason(error)).toBe('Failed to get a WebGPU adapter: No supported adapters.');
  expect(toReason(new Error('Load model failed.'))).toBe('Load model failed.');
});

test('the memory keeps the latest answers, whoever wrote them, and no drafts', () => {
  const warnings: string[] = [];
  const logger = { info: () => {}, error: () => {}, warn: (message: string) => warnings.push(message) };
  const file = join(folder, 'a', 'b', 'devices.json');
  const [one, other] = [new DeviceMemory(file, logger), new DeviceMemory(file, logger)];
  one.set('first', { device: 'cpu', message: 'slow' });
  other.set('second', { device: 'webgpu', precision: 'fp16' });
  expect(one.get('second')).toEqual({ device: 'webgpu', precision: 'fp16' });
  expect(other.get('first')).toEqual({ device: 'cpu', message: 'slow' });
  for (let i = 0; i < 99; i++) one.set(`more ${i}`, { device: 'cpu' });
  expect(one.get('first')).toBeUndefined();
  expect(one.get('second')).toBeDefined();
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['devices.json']);
  one.clear();
  expect(other.get('second')).toBeUndefined();
  expect(warnings).toEqual([]);
});

test.each([
  'nonsense',
  '[]',
  '{"version":1}',
  '{"version":1,"answers":{"key":{"device":"abacus"}}}',
  '{"version":1,"answers":{"key":{"device":"cpu","precision":"int2"}}}',
  '{"version":1,"answers":{"key":{"device":"cpu","message":3}}}',
])('a file that makes no sense holds no answer: %s', (content) => {
  const file = join(folder, 'devices.json');
  writeFileSync(file, content);
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  expect(new DeviceMemory(file, silent).get('key')).toBeUndefined();
});

test('a memory that cannot be written warns and goes on', () => {
  const warnings: string[] = [];
  const logger = { info: () => {}, error: () => {}, warn: (message: string) => warnings.push(message) };
  writeFileSync(join(folder, 'file'), '');
  new DeviceMemory(join(folder, 'file', 'devices.json'), logger).set('key', { device: 'cpu' });
  expect(warnings.length).toBe(1);
});
