import { t } from '@vscode/l10n';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { EngineError } from '../core/ports';
import type { DeviceService } from '../inference/devices/deviceService';
import type { ModelLocation } from '../models/modelLocation';
import {
  BenchmarkDevicesRequest,
  CudaProgressNotification,
  InstallCudaRequest,
  PlanCudaRequest,
} from '../protocol/models';
import type { FeatureContext } from './context';

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
    answer(token, async (signal) => devices.measure(await models(), devices.devices, signal)),
  );
  connection.onRequest(PlanCudaRequest.type, (token) => answer(token, (signal) => devices.planCuda(signal)));
  connection.onRequest(InstallCudaRequest.type, (token) => {
    let told = Number.NEGATIVE_INFINITY;
    return answer(token, async (signal) =>
      devices.installCuda(await models(), signal, (receivedBytes, totalBytes) => {
        if (clock.now() - told < progressInterval && receivedBytes < totalBytes) return;
        told = clock.now();
        const progress = { receivedBytes, totalBytes };
        connection.sendNotification(CudaProgressNotification.type, progress).catch((error: unknown) => {
          logger.warn(`The progress of an installation could not be told. ${String(error)}`);
        });
      }),
    );
  });

  async function answer<T>(
    token: CancellationToken,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | ResponseError<void>> {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    // Who was cancelled before is not told again.
    if (token.isCancellationRequested) controller.abort();
    try {
      return await work(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) {
        return new ResponseError<void>(LSPErrorCodes.RequestCancelled, t('Cancelled.'));
      }
      if (error instanceof EngineError) {
        return new ResponseError<void>(LSPErrorCodes.RequestFailed, error.message);
      }
      logger.error(`A device could not be examined. ${error instanceof Error ? error.stack : String(error)}`);
      return new ResponseError<void>(LSPErrorCodes.RequestFailed, t('This failed; the output tells why.'));
    } finally {
      subscription.dispose();
    }
  }
}
