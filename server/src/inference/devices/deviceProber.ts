import type { DeviceName } from '../../core/device';
import type { Precision } from '../../core/model';
import type { Clock } from '../../core/ports';
import type { ModelLocation } from '../../models/modelLocation';
import type { DeviceMeasurement } from '../../protocol/models';
import type { StartChild } from '../childProcess';
import { agrees, largestDifference } from './compareOutputs';
import { deviceTitles } from './devices';
import type { Machine } from './machine';
import { type ProbeOutcome, runProbe } from './probe';

export interface ProberOptions {
  /** Starts an inference process with the environment that a device needs. */
  readonly start: (device: DeviceName) => StartChild;
  readonly threads: number;
  /** Folder for what is derived from models and can be made again. */
  readonly stateDir?: string;
  readonly clock: Clock;
  readonly machine: Pick<Machine, 'hardware'>;
  /** Ends what is under way; the promises are rejected. */
  readonly signal?: AbortSignal;
}

/** Measures devices with one model. Each run has a process of its own, and one runs at a time. */
export class DeviceProber {
  readonly #location: ModelLocation;
  readonly #options: ProberOptions;
  /** What the processor makes of each graph file. */
  readonly #references = new Map<Precision | undefined, Promise<ProbeOutcome>>();

  constructor(location: ModelLocation, options: ProberOptions) {
    this.#location = location;
    this.#options = options;
  }

  /**
   * Loads and runs a graph file on a device, and compares what comes out with the processor's answer to the same
   * file, so that a difference is the device's and not that of the numeric format.
   *
   * @param precision of the file; undefined where there is no choice.
   */
  async measure(device: DeviceName, precision: Precision | undefined): Promise<DeviceMeasurement> {
    const hardware = this.#options.machine.hardware(device);
    const about = {
      device,
      ...(hardware !== undefined && { hardware }),
      precision: precision ?? this.#location.precision ?? 'default',
      model: this.#location.id,
    };
    const outcome = device === 'cpu' ? await this.#reference(precision) : await this.#run(device, precision);
    if (outcome.status !== 'ok') {
      return { ...about, status: outcome.status, message: withHint(device, outcome.message) };
    }
    const { loadMilliseconds, tokensPerSecond, weightSign } = outcome;
    const figures = { loadMilliseconds, tokensPerSecond, weightSign };
    const expected = await this.#reference(precision);
    if (expected.status !== 'ok') {
      const message = `There is nothing to compare it with: ${expected.message}`;
      return { ...about, ...figures, status: 'wrong', message };
    }
    const difference = largestDifference(outcome.probabilities, expected.probabilities);
    if (agrees(difference, precision)) return { ...about, ...figures, status: 'ok', difference };
    const isNumber = Number.isFinite(difference);
    return {
      ...about,
      ...figures,
      status: 'wrong',
      message: `Its results differ from the processor's${isNumber ? ` by up to ${difference.toPrecision(2)}` : ''}.`,
      ...(isNumber && { difference }),
    };
  }

  #reference(precision: Precision | undefined): Promise<ProbeOutcome> {
    let reference = this.#references.get(precision);
    if (!reference) {
      reference = this.#run('cpu', precision);
      this.#references.set(precision, reference);
    }
    return reference;
  }

  #run(device: DeviceName, precision: Precision | undefined): Promise<ProbeOutcome> {
    const { start, threads, stateDir, clock, signal } = this.#options;
    const location = precision ? { ...this.#location, precision } : this.#location;
    return runProbe(start(device), { location, threads, stateDir, device }, clock, signal);
  }
}

/** What is usually missing where a device is. */
function withHint(device: DeviceName, message: string): string {
  if (device !== 'cuda') return message;
  return `${message} ${deviceTitles.cuda} needs the libraries of "Subtext: Install CUDA Support", an NVIDIA driver, CUDA 12 and cuDNN 9.`;
}
