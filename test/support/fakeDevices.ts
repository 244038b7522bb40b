import type { DeviceSetting } from '../../server/src/core/device';
import { EngineError } from '../../server/src/core/ports';
import type { ModelLocation } from '../../server/src/models/modelLocation';
import type { DeviceMeasurement } from '../../server/src/protocol/models';
import type { Devices } from '../../server/src/server';

/** Devices of which every model finds the same. */
export class FakeDevices implements Devices {
  readonly devices = ['cpu', 'webgpu'] as const;
  /** What the setting said, one entry a change. */
  readonly used: DeviceSetting[] = [];
  /** Set, work fails with it. */
  failure: Error | undefined;
  /** Set, work waits until it is cancelled. */
  waits = false;

  startChild = (): never => {
    throw new Error('Fake engines have no process.');
  };

  use(setting: DeviceSetting): boolean {
    const isChange = setting !== (this.used.at(-1) ?? 'auto');
    if (isChange) this.used.push(setting);
    return isChange;
  }

  async measure(
    locations: readonly ModelLocation[],
    devices: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly DeviceMeasurement[]> {
    await this.#work(signal);
    return locations.flatMap(({ id: model }) =>
      devices.map((device) => ({ device, precision: 'fp32', model, status: 'ok' as const })),
    );
  }

  async planCuda(signal: AbortSignal) {
    await this.#work(signal);
    return { package: 'Cuda', version: '1.0.0', host: 'example.org', bytes: 1_000 };
  }

  async installCuda(
    _: readonly ModelLocation[],
    signal: AbortSignal,
    progress: (received: number, total: number) => void,
  ) {
    for (const received of [1, 2, 1_000]) progress(received, 1_000);
    await this.#work(signal);
    return { works: false, message: 'There is no driver.' };
  }

  async #work(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.failure) throw this.failure;
    if (this.waits) {
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    }
  }
}

export const noCuda = new EngineError('There is no CUDA support for this platform.');
