import { join, resolve } from 'node:path';
import type { ModelDescription } from '../core/model';
import { bundledModelId } from '../core/model';
import { type AnalysisEngine, EngineError } from '../core/ports';
import { InferenceHost } from '../inference/host';
import { systemClock } from '../inference/systemClock';
import { bundledLocation, describeModel } from '../models/modelFolder';

/** An engine that is ready, and what it is. */
export interface RunningEngine extends AnalysisEngine {
  readonly model: ModelDescription;
  /** The execution provider, for instance `cpu`. */
  readonly device: string;
  /** Ends the inference process; work under way fails. */
  dispose(): Promise<void>;
}

/** Which model to use. */
export interface ModelChoice {
  /** In the catalogue; the bundled model unless given. */
  readonly id?: string;
  /** Holds a catalog.json and the folders that it names; that of the program unless given. */
  readonly folder?: string;
}

export interface EngineOptions {
  /** 0 chooses by the number of processors. */
  readonly threads: number;
  readonly model?: ModelChoice;
  /** Gives up waiting for the model. */
  readonly signal: AbortSignal;
  /** Told when the inference process ended and is started again. */
  onError(message: string): void;
}

/** @throws EngineError when the model cannot be loaded. */
export type StartEngine = (options: EngineOptions) => Promise<RunningEngine>;

/**
 * The engine of the server.
 *
 * @param programs the folder of the bundled programs; the models are in `../models`.
 */
export const inferenceEngine =
  (programs: string): StartEngine =>
  async ({ threads, model: choice, signal, onError }) => {
    const modelsDir = resolve(choice?.folder ?? join(programs, '../models'));
    const modelId = choice?.id ?? bundledModelId;
    const location = bundledLocation(modelsDir, modelId);
    const model = describeModel(location);
    const host = new InferenceHost({
      location,
      processPath: join(programs, 'inference.js'),
      threads,
      logger: { info: () => {}, warn: () => {}, error: onError },
      clock: systemClock,
    });
    try {
      const device = await ready(host, signal);
      return {
        model,
        device,
        analyze: (sentences, options) => host.analyze(sentences, options),
        fillMask: (text, options) => host.fillMask(text, options),
        dispose: () => host.dispose(),
      };
    } catch (error) {
      await host.dispose();
      throw error;
    }
  };

/** Starts the process and waits for the model. @returns the execution provider. */
const ready = (host: InferenceHost, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    host.start();
    host.onState(({ status, device, message }) => {
      if (status === 'ready') resolve(device ?? 'unknown device');
      if (status === 'failed') reject(new EngineError(message ?? 'The model failed.'));
    });
  });
