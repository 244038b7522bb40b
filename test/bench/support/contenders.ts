import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { bundledModelId } from '../../../server/src/core/model';
import { InferenceHost } from '../../../server/src/inference/host';
import { systemClock } from '../../../server/src/inference/systemClock';
import { bundledLocation } from '../../../server/src/models/modelFolder';
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

/** Folders with the model of each pipeline of transformers.js. */
export interface PeerModels {
  readonly entities: string;
  readonly sentiment: string;
}

const folder = join(root, 'test/bench');

/** onnxruntime alone: batches made beforehand, nothing decoded. */
export const startBare = (task: WorkerTask): Promise<Worker> =>
  Worker.start(join(folder, 'support/bareWorker.ts'), ['--import', 'tsx'], task);

/** transformers.js. It has a package.json of its own, and model folders made for it. */
export const startTransformersJs = (task: WorkerTask & { readonly models: PeerModels }): Promise<Worker> =>
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

/** Our inference host, asked for all sentences at once. */
export async function startHost({ sentences, threads }: WorkerTask): Promise<Contender> {
  const host = new InferenceHost({
    location: bundledLocation(join(root, 'models'), bundledModelId),
    processPath: join(root, 'dist/inference.js'),
    threads,
    logger: { info: () => {}, warn: console.error, error: console.error },
    clock: systemClock,
  });
  host.start();
  const aggregation = defaultSettings['entities.aggregation'];
  await host.analyze(sentences.slice(0, 100), { aggregation });
  return {
    name: 'inference host',
    run: async () => {
      const start = performance.now();
      await host.analyze(sentences, { aggregation });
      return performance.now() - start;
    },
    stop: () => host.dispose(),
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
