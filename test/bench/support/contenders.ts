import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { InferenceHost } from '../../../server/src/inference/host';
import { systemClock } from '../../../server/src/inference/systemClock';
import type { ModelLocation } from '../../../server/src/models/modelLocation';
import { defaultSettings } from '../../../server/src/settings/settings';
import { root } from '../../support/paths';
import { endWithThisProcess } from '../../support/processes';
import { BenchServer } from './benchServer';

/** One of those whose speed is compared on the same sentences. */
export interface Contender {
  readonly name: string;
  /** Does all of the work once. @returns milliseconds. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

/** What a worker process is told first; see its file for what is in `task`. */
export interface WorkerTask {
  readonly sentences: readonly string[];
  readonly threads: number;
}

/** A task with a model of ours. */
export interface ModelTask extends WorkerTask {
  readonly location: ModelLocation;
}

/** Folders with the model of each pipeline of transformers.js. */
export interface PeerModels {
  readonly entities?: string;
  readonly sentiment?: string;
  readonly fillMask?: string;
}

export interface PeerTask extends WorkerTask {
  readonly models: PeerModels;
  /** As transformers.js calls it; `fp32` unless given. */
  readonly dtype?: string;
}

const folder = join(root, 'test/bench');

/** onnxruntime alone: batches made beforehand, nothing decoded. */
export const startBare = (task: ModelTask): Promise<Worker> =>
  Worker.start(join(folder, 'support/bareWorker.ts'), ['--import', 'tsx'], task);

/** transformers.js. It has a package.json of its own, and model folders made for it. */
export const startTransformersJs = (task: PeerTask): Promise<Worker> =>
  Worker.start(join(folder, 'peer/worker.mjs'), [], task);

/** A process that keeps its sessions and does on demand what it is told. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #release: () => void;

  private constructor(file: string, execArgv: readonly string[]) {
    this.#child = fork(file, [], {
      execArgv: [...execArgv],
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
      serialization: 'advanced',
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#release = endWithThisProcess(this.#child);
  }

  static async start(file: string, execArgv: readonly string[], task: WorkerTask): Promise<Worker> {
    const worker = new Worker(file, execArgv);
    await worker.#ask(task);
    return worker;
  }

  /** @param message what the worker is asked for each time. */
  contender(name: string, message: Readonly<Record<string, unknown>>): Contender {
    return { name, run: () => this.#ask(message), stop: () => this.stop() };
  }

  async stop(): Promise<void> {
    this.#release();
    this.#child.kill();
  }

  #ask(message: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const exit = (): void => reject(new Error('A contender ended before it answered.'));
      this.#child.once('exit', exit);
      this.#child.once('message', (milliseconds) => {
        this.#child.off('exit', exit);
        resolve(Number(milliseconds));
      });
      this.#child.send(message);
    });
  }
}

/** Our inference host. */
export function makeHost(
  location: ModelLocation,
  threads: number,
  stateDir?: string,
  exactProducts?: boolean,
): InferenceHost {
  const host = new InferenceHost({
    location,
    ...(stateDir !== undefined && { stateDir }),
    ...(exactProducts !== undefined && { exactProducts }),
    processPath: join(root, 'dist/inference.js'),
    threads,
    logger: { info: () => {}, warn: console.error, error: console.error },
    clock: systemClock,
  });
  host.start();
  return host;
}

interface HostTask extends ModelTask {
  readonly stateDir?: string;
  readonly exactProducts?: boolean;
}

/** Our inference host, asked for all sentences at once or for one mask after the other. */
export function startHost({
  sentences,
  threads,
  location,
  stateDir,
  exactProducts,
}: HostTask): Readonly<Record<'entities' | 'fillMask', Contender>> & Pick<Contender, 'stop'> {
  const host = makeHost(location, threads, stateDir, exactProducts);
  const aggregation = defaultSettings['entities.aggregation'];
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const stop = (): Promise<void> => host.dispose();
  return {
    stop,
    entities: {
      name: 'inference host',
      run: () => timed(() => host.analyze(sentences, { aggregation })),
      stop,
    },
    fillMask: {
      name: 'inference host',
      run: () =>
        timed(async () => {
          for (const sentence of sentences) await host.fillMask(sentence, { topK: 5 });
        }),
      stop,
    },
  };
}

/**
 * The whole server, from opening the document until it is complete. A new one each time, since a server infers
 * a sentence only once; it is ready when time begins.
 */
export const serverContender = (text: string, threads: number): Contender => ({
  name: 'server',
  run: async () => {
    const server = await BenchServer.start({ settings: { inference: { threads } } });
    await server.analyze('file:///bench/warm-up.md', 'Marie Curie was born in Warsaw.\n');
    const start = performance.now();
    await server.analyze('file:///bench/document.md', text);
    const milliseconds = performance.now() - start;
    await server.stop();
    return milliseconds;
  },
  stop: async () => {},
});
