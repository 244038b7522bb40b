#!/usr/bin/env node
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OpenDevices } from './cli/devicesCommand';
import { inferenceEngine, type OpenStore } from './cli/engine';
import { exitCodes } from './cli/exitCodes';
import { run } from './cli/run';
import { fetchThroughProxy } from './fetchThroughProxy';
import { prunePrepared } from './graphs/preparedGraphs';
import { readHubEnvironment } from './hub/hubEnvironment';
import { DeviceService } from './inference/devices/deviceService';
import { systemClock } from './inference/systemClock';
import { ModelStore } from './models/modelStore';
import { stateFolder } from './stateFolder';

/* The program `subtext`: this process and its signals; all else is in cli/. */

const signals = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const;

const controller = new AbortController();
let signalled: number | undefined;
for (const [signal, code] of Object.entries(signals)) {
  // A second one finds no listener and ends the process at once.
  process.once(signal, () => {
    signalled ??= code;
    controller.abort();
  });
}

/** The models lie beside the folder of the programs. */
const openStore: OpenStore = (modelsDir = join(__dirname, '../models')) =>
  new ModelStore({
    modelsDir: resolve(modelsDir),
    environment: readHubEnvironment(process.env, homedir()),
    prune: () => prunePrepared(stateFolder()),
  });

const openDevices: OpenDevices = (logger) =>
  new DeviceService({
    processPath: join(__dirname, 'inference.js'),
    stateDir: stateFolder(),
    fetch: fetchThroughProxy,
    clock: systemClock,
    logger,
  });

run({
  args: process.argv.slice(2),
  streams: process,
  environment: process.env,
  startEngine: inferenceEngine(__dirname, openStore),
  openStore,
  openDevices,
  signal: controller.signal,
}).then((code) => {
  process.exitCode = signalled ?? code;
  // A terminal that is read would keep the process alive.
  process.stdin.unref?.();
});
