import { logFailure } from '../core/logFailure';
import type { DeviceService } from '../inference/devices/deviceService';
import type { ModelLocation } from '../models/modelLocation';
import {
  BenchmarkDevicesRequest,
  CudaProgressNotification,
  InstallCudaRequest,
  PlanCudaRequest,
} from '../protocol/models';
import type { FeatureContext } from './context';
import { answerUser } from './userRequest';

/** Least time between two messages of progress, in milliseconds. */
const progressInterval = 250;

export type DeviceTools = Pick<DeviceService, 'devices' | 'measure' | 'planCuda' | 'installCuda'>;

/**
 * Measures devices, and installs what CUDA needs, each when the user asks.
 *
 * @param models those to measure with.
 */
export function registerDevices(
  { connection, clock, logger }: FeatureContext,
  devices: DeviceTools,
  models: () => Promise<readonly ModelLocation[]>,
): void {
  connection.onRequest(BenchmarkDevicesRequest.type, (token) =>
    answerUser(token, logger, async (signal) => devices.measure(await models(), devices.devices, signal)),
  );
  connection.onRequest(PlanCudaRequest.type, (token) =>
    answerUser(token, logger, (signal) => devices.planCuda(signal)),
  );
  connection.onRequest(InstallCudaRequest.type, (token) => {
    let told = Number.NEGATIVE_INFINITY;
    return answerUser(token, logger, async (signal) =>
      devices.installCuda(await models(), signal, (receivedBytes, totalBytes) => {
        if (clock.now() - told < progressInterval && receivedBytes < totalBytes) return;
        told = clock.now();
        const progress = { receivedBytes, totalBytes };
        void logFailure(
          connection.sendNotification(CudaProgressNotification.type, progress),
          'The progress of an installation could not be told.',
          logger,
        );
      }),
    );
  });
}
