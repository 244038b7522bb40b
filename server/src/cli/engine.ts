import { join } from 'node:path';
import { bundledModelId, type ModelDescription } from '../core/model';
import { EngineError, type InteractiveEngine } from '../core/ports';
import { InferenceHost } from '../inference/host';
import { systemClock } from '../inference/systemClock';
import { describeModel } from '../models/modelFolder';
import { formatModelRef, parseModelRef } from '../models/modelRef';
import type { ModelStore } from '../models/modelStore';

/** An engine that is ready, and what it is. */
export interface RunningEngine extends InteractiveEngine {
  readonly model: ModelDescription;
  /** The execution provider, for instance `cpu`. */
  readonly device: string;
  /** Ends the inference process; work under way fails. */
  dispose(): Promise<void>;
}

export interface EngineOptions {
  /** 0 chooses by the number of processors. */
  readonly threads: number;
  /** As in the settings; absent: the bundled model. See `parseModelRef`. */
  readonly ref?: string | undefined;
  /** Holds the catalogue; absent: that of the program. */
  readonly modelsDir?: string | undefined;
  /** Gives up waiting for the model. */
  readonly signal: AbortSignal;
  /** Told when the inference process ended and is started again. */
  onError(message: string): void;
}

/** @param modelsDir holds the catalogue; that of the program unless given. */
export type OpenStore = (modelsDir?: string) => ModelStore;

/** @throws EngineError when the model is not installed or cannot be loaded. */
export type StartEngine = (options: EngineOptions) => Promise<RunningEngine>;

/**
 * The engine of the server.
 *
 * @param programs the folder of the bundled programs.
 */
export const inferenceEngine =
  (programs: string, openStore: OpenStore): StartEngine =>
  async ({ threads, ref: text = bundledModelId, modelsDir, signal, onError }) => {
    const ref = parseModelRef(text);
    const location = openStore(modelsDir).resolve(ref);
    if (!location) {
      const name = formatModelRef(ref);
      throw new EngineError(`The model ${name} is not installed. Try: subtext models download ${name}`);
    }
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
        fillWords: (text, options) => host.fillWords(text, options),
        inspect: (text, options) => host.inspect(text, options),
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
