import { createHash } from 'node:crypto';
import type { DeviceName, DeviceSetting } from '../../core/device';
import type { Precision } from '../../core/model';
import type { Logger } from '../../core/ports';
import { cpuPrecisions } from '../../models/graphFiles';
import type { ModelLocation } from '../../models/modelLocation';
import type { DeviceMeasurement } from '../../protocol/models';
import type { DeviceChoice, DeviceMemory } from './deviceMemory';
import { DeviceProber, type ProberOptions } from './deviceProber';
import { devicesOf, deviceTitles, precisionsFor } from './devices';
import type { Machine } from './machine';
import { type ModelGraphs, readGraphs } from './modelGraphs';

/**
 * `auto` leaves smaller models on the processor. The bundled one takes a few milliseconds a sentence there, which is
 * hardly more than the way to a graphics card and back; trying one takes seconds and may wake a card that sleeps. The
 * smallest models of the catalogue are above this.
 */
const leastBytesToTry = 48_000_000;
/** A device that is hardly faster is not worth its memory, its power and the time it takes to load. */
const worthwhile = 1.2;

export interface ChooseDeviceOptions extends ProberOptions {
  readonly machine: Machine;
  readonly memory: Pick<DeviceMemory, 'get' | 'set'>;
  readonly logger: Logger;
}

/**
 * Where a model should run, and with which of its graph files. A device is trusted only after its results were
 * compared with the processor's on this machine; that is done once, and the answer is remembered.
 *
 * @param setting `auto` takes the fastest device that gives the right results; a name takes that one or, with a
 * message, the processor.
 * @throws nothing but the signal's reason.
 */
export async function chooseDevice(
  location: ModelLocation,
  setting: DeviceSetting,
  options: ChooseDeviceOptions,
): Promise<DeviceChoice> {
  if (setting === 'cpu') return { device: 'cpu' };
  const { machine, memory } = options;
  const devices = devicesOf(machine.platform, machine.arch).filter((device) => device !== 'cpu');
  if (setting !== 'auto' && !devices.includes(setting)) {
    const platform = `${machine.platform}-${machine.arch}`;
    return onProcessor(setting, location, `There is no ${deviceTitles[setting]} for ${platform}.`);
  }
  const graphs = readGraphs(location);
  if (setting === 'auto' && (devices.length === 0 || graphs.bytes < leastBytesToTry))
    return { device: 'cpu' };

  const key = keyOf(location, setting, graphs, machine);
  const known = memory.get(key);
  if (known) return known;
  const trial = new Trial(location, graphs, options);
  const { choice, isFinal } = setting === 'auto' ? await trial.fastest(devices) : await trial.named(setting);
  if (isFinal) memory.set(key, choice);
  return choice;
}

/** Only digests go to the file: it holds neither names of models nor paths. */
const keyOf = (
  { id, revision, precision }: ModelLocation,
  setting: DeviceSetting,
  graphs: ModelGraphs,
  machine: Machine,
): string =>
  createHash('sha256')
    .update(JSON.stringify([setting, id, revision, precision, graphs.fingerprint, machine.fingerprint]))
    .digest('hex');

/** @param reason one sentence or more. */
export const onProcessor = (device: DeviceName, { id }: ModelLocation, reason: string): DeviceChoice => ({
  device: 'cpu',
  message: `The model ${id} runs on the processor instead of ${deviceTitles[device]}. ${reason}`,
});

interface Verdict {
  readonly choice: DeviceChoice;
  /** Whether it would be the same the next time. */
  readonly isFinal: boolean;
}

class Trial {
  readonly #location: ModelLocation;
  readonly #precisions: readonly Precision[];
  readonly #logger: Logger;
  readonly #prober: DeviceProber;

  constructor(location: ModelLocation, graphs: ModelGraphs, options: ChooseDeviceOptions) {
    this.#location = location;
    this.#precisions = graphs.precisions;
    this.#logger = options.logger;
    this.#prober = new DeviceProber(location, options);
  }

  async fastest(devices: readonly DeviceName[]): Promise<Verdict> {
    const processor = await this.#measure('cpu', this.#candidates(cpuPrecisions)[0]);
    // The model itself is at fault; loading it says why.
    if (processor.status !== 'ok') return { choice: { device: 'cpu' }, isFinal: false };
    let choice: DeviceChoice = { device: 'cpu' };
    let speed = (processor.tokensPerSecond ?? 0) * worthwhile;
    for (const device of devices) {
      const { found, tried } = await this.#firstGood(device, this.#candidates(precisionsFor(device)));
      const measured = tried.at(-1)?.tokensPerSecond ?? 0;
      if (!found || measured <= speed) continue;
      choice = found;
      speed = measured;
    }
    return { choice, isFinal: true };
  }

  async named(device: DeviceName): Promise<Verdict> {
    const preferred = this.#candidates(precisionsFor(device));
    const { found, tried } = await this.#firstGood(
      device,
      // The user insists, and it may still be right, if not fast.
      preferred.length > 0 ? preferred : this.#candidates(cpuPrecisions),
    );
    if (found) return { choice: found, isFinal: true };
    const last = tried.at(-1);
    return {
      choice: onProcessor(device, this.#location, last?.message ?? ''),
      // A driver or a library may be there the next time, and asking for it is quick and harmless.
      isFinal: last?.status !== 'unavailable',
    };
  }

  /** The precisions that the model has; one unnamed where there is no choice. */
  #candidates(preference: readonly Precision[]): readonly (Precision | undefined)[] {
    if (this.#precisions.length === 0) return [undefined];
    return preference.filter((precision) => this.#precisions.includes(precision));
  }

  async #firstGood(device: DeviceName, candidates: readonly (Precision | undefined)[]) {
    const tried: DeviceMeasurement[] = [];
    for (const precision of candidates) {
      const measurement = await this.#measure(device, precision);
      tried.push(measurement);
      if (measurement.status === 'ok') {
        const found: DeviceChoice = { device, ...(precision && { precision }) };
        return { found, tried };
      }
      // A driver that crashes is not tempted twice.
      if (measurement.status === 'crashed') break;
    }
    return { found: undefined, tried };
  }

  async #measure(device: DeviceName, precision: Precision | undefined): Promise<DeviceMeasurement> {
    const measurement = await this.#prober.measure(device, precision);
    const { status, message, tokensPerSecond } = measurement;
    const speed = tokensPerSecond === undefined ? '' : `, ${Math.round(tokensPerSecond)} tokens/s`;
    this.#logger.info(
      `Tried ${deviceTitles[device]} (${measurement.precision}) with ${this.#location.id}: ${status}${speed}.${message ? ` ${message}` : ''}`,
    );
    return measurement;
  }
}
