import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import {
  BenchmarkDevicesRequest,
  CudaProgressNotification,
  InstallCudaRequest,
  PlanCudaRequest,
} from '../../server/src/protocol/models';
import { noCuda } from '../support/fakeDevices';
import { fakeModel } from '../support/fakeEngine';
import { poll } from '../support/poll';
import { TestClient } from './testClient';

let client: TestClient;

beforeEach(async () => {
  client = await TestClient.start({
    models: [{ ...fakeModel, id: 'org/other' }],
    settings: { device: 'webgpu', models: { sentiment: 'org/other' } },
  });
});
afterEach(() => client.stop());

test('measures every device with every model in use', async () => {
  const rows = await client.connection.sendRequest(BenchmarkDevicesRequest.type);
  expect(rows.map(({ device, model }) => `${device} ${model}`)).toEqual([
    'cpu subtext-base',
    'webgpu subtext-base',
    'cpu org/other',
    'webgpu org/other',
  ]);
});

test('the setting reaches the devices, and a change of it starts the engines anew', async () => {
  await client.open('Ada is in Berlin.');
  expect(client.devices.used).toEqual(['webgpu']);
  const before = client.engine.restarts;
  await client.changeSettings({ device: 'cpu' });
  await poll('the restart', () => client.engine.restarts > before || undefined, 5_000);
  expect(client.devices.used).toEqual(['webgpu', 'cpu']);
});

test('a benchmark that is cancelled ends', async () => {
  client.devices.waits = true;
  const source = new CancellationTokenSource();
  const asked = client.connection.sendRequest(BenchmarkDevicesRequest.type, source.token);
  await client.roundTrip();
  source.cancel();
  await expect(asked).rejects.toThrow('Cancelled.');
});

test('plans and installs CUDA support, and tells how far it is', async () => {
  const told: unknown[] = [];
  client.connection.onNotification(CudaProgressNotification.type, (progress) => {
    told.push(progress);
  });
  expect(await client.connection.sendRequest(PlanCudaRequest.type)).toEqual({
    package: 'Cuda',
    version: '1.0.0',
    host: 'example.org',
    bytes: 1_000,
  });
  expect(await client.connection.sendRequest(InstallCudaRequest.type)).toEqual({
    works: false,
    message: 'There is no driver.',
  });
  expect(told).toEqual([
    { receivedBytes: 1, totalBytes: 1_000 },
    { receivedBytes: 1_000, totalBytes: 1_000 },
  ]);
});

test('what is meant for users reaches them, an error of the program does not', async () => {
  client.devices.failure = noCuda;
  await expect(client.connection.sendRequest(PlanCudaRequest.type)).rejects.toThrow(noCuda.message);
  client.devices.failure = new TypeError('x is not a function');
  await expect(client.connection.sendRequest(PlanCudaRequest.type)).rejects.toThrow(
    'This failed; the output tells why.',
  );
});
