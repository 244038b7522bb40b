import { join } from 'node:path';
import type { DeviceName, DeviceSetting } from '../../core/device';
import { type Clock, EngineError, type Logger } from '../../core/ports';
import type { ModelLocation } from '../../models/modelLocation';
import type { CudaInstallResult, CudaPlan, DeviceMeasurement } from '../../protocol/models';
import { forkInference, type StartChild } from '../childProcess';
import { toThreads } from '../host';
import { chooseDevice, onProcessor } from './chooseDevice';
import { cudaEnvironment } from './cudaFolder';
import { type CudaInstallOptions, type Fetch, installCuda, planCuda } from './cudaInstall';
import { type DeviceChoice, DeviceMemory } from './deviceMemory';
import { DeviceProber } from './deviceProber';
import { devicesOf, deviceTitles, precisionsFor } from './devices';
import { type Machine, readMachine } from './machine';
import { readGraphs } from './modelGraphs';
import { startOnDevice } from './startOnDevice';

export interface DeviceServiceOptions {
  /** The bundled `inference.js`. */
  readonly processPath: string;
  /** Folder for what is kept between starts. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked for CUDA support only. */
  readonly fetch: Fetch;
  readonly machine?: Machine;
  /** How processes are started; tests bring their own. */
  readonly start?: (device: DeviceName) => StartChild;
}

/** Which device models run on: chooses, remembers, measures, and takes models off a device that fails. */
export class DeviceService {
  /** Starts inference processes on the device that the setting means for their model. */
  readonly startChild: StartChild;
  readonly #options: DeviceServiceOptions;
  readonly #machine: Machine;
  readonly #memory: DeviceMemory;
  readonly #start: (device: DeviceName) => StartChild;
  /** Models that were taken off a device, until the setting changes or the program ends. */
  readonly #fallen = new Map<string, DeviceChoice>();
  #setting: DeviceSetting = 'auto';
  /** Probes would slow each other down, so one choice or benchmark comes after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DeviceServiceOptions) {
    const { processPath, stateDir, logger } = options;
    this.#options = options;
    this.#machine = options.machine ?? readMachine();
    this.#memory = new DeviceMemory(join(stateDir, 'devices.json'), logger);
    this.#start =
      options.start ??
      ((device) =>
        forkInference(processPath, device === 'cuda' ? cudaEnvironment(stateDir, processPath) : {}));
    this.startChild = startOnDevice({
      start: this.#start,
      choose: (location, signal) => this.choose(location, signal),
      distrust: (location, device, reason) => {
        const choice = onProcessor(device, location, reason);
        logger.error(choice.message ?? '');
        this.#fallen.set(keyOf(location), choice);
      },
    });
  }

  /** @returns whether this is a change; processes that run keep their device until they are started anew. */
  use(setting: DeviceSetting): boolean {
    if (setting === this.#setting) return false;
    this.#setting = setting;
    this.#fallen.clear();
    return true;
  }

  /** Where a model should run now. */
  choose(location: ModelLocation, signal?: AbortSignal): Promise<DeviceChoice> {
    const fallen = this.#fallen.get(keyOf(location));
    if (fallen) return Promise.resolve(fallen);
    const setting = this.#setting;
    if (setting === 'cpu') return Promise.resolve({ device: 'cpu' });
    return this.#inTurn(() =>
      chooseDevice(location, setting, {
        ...this.#proberOptions(signal),
        machine: this.#machine,
        memory: this.#memory,
        logger: this.#options.logger,
      }),
    );
  }

  planCuda(signal: AbortSignal): Promise<CudaPlan> {
    return planCuda(this.#cudaOptions(signal));
  }

  /**
   * Installs the CUDA provider and tries it.
   *
   * @param locations models to try it with.
   * @param progress told bytes received and in all.
   */
  async installCuda(
    locations: readonly ModelLocation[],
    signal: AbortSignal,
    progress: (received: number, total: number) => void,
  ): Promise<CudaInstallResult> {
    await installCuda(this.#cudaOptions(signal), progress);
    this.forget();
    const measured = await this.measure(locations, ['cuda'], signal);
    const failure = measured.find(({ status }) => status !== 'ok');
    return failure ? { works: false, message: failure.message ?? failure.status } : { works: true };
  }

  #cudaOptions(signal: AbortSignal): CudaInstallOptions {
    const { platform, arch } = this.#machine;
    if (!devicesOf(platform, arch).includes('cuda')) {
      throw new EngineError(`There is no CUDA support for ${platform}-${arch}.`);
    }
    const { stateDir, fetch } = this.#options;
    return { stateDir, fetch, signal };
  }

  /** Forgets all answers: devices are tried again at the next start. */
  forget(): void {
    this.#fallen.clear();
    this.#memory.clear();
  }

  /** The devices that the platform can have. */
  get devices(): readonly DeviceName[] {
    return devicesOf(this.#machine.platform, this.#machine.arch);
  }

  /**
   * Measures devices with every graph file worth it.
   *
   * @param done told each line when it is known.
   * @throws the signal's reason.
   */
  measure(
    locations: readonly ModelLocation[],
    devices: readonly DeviceName[],
    signal?: AbortSignal,
    done: (measurement: DeviceMeasurement) => void = () => {},
  ): Promise<readonly DeviceMeasurement[]> {
    return this.#inTurn(async () => {
      const measurements: DeviceMeasurement[] = [];
      for (const location of locations) {
        const prober = new DeviceProber(location, this.#proberOptions(signal));
        const { precisions } = readGraphs(location);
        for (const device of devices) {
          const worthwhile = precisionsFor(device).filter((precision) => precisions.includes(precision));
          for (const precision of worthwhile.length > 0 ? worthwhile : [undefined]) {
            this.#options.logger.info(`Measuring ${deviceTitles[device]} with ${location.id}.`);
            const measurement = await prober.measure(device, precision);
            measurements.push(measurement);
            done(measurement);
          }
        }
      }
      return measurements;
    });
  }

  #proberOptions(signal: AbortSignal | undefined) {
    const { stateDir, clock } = this.#options;
    return {
      start: this.#start,
      machine: this.#machine,
      threads: toThreads(0),
      stateDir,
      clock,
      ...(signal && { signal }),
    };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}

const keyOf = ({ id, revision }: ModelLocation): string => JSON.stringify([id, revision]);
