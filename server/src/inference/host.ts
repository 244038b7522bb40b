import { availableParallelism } from 'node:os';
import { type Clock, EngineError, type Logger, type Priority, type WordOptions } from '../core/ports';
import type { Aggregation } from '../core/tasks/aggregation';
import type { MaskPrediction, SentenceAnalysis, TokenInspection, WordCandidate } from '../core/tasks/results';
import type { ModelLocation } from '../models/modelLocation';
import { forkInference, type StartChild } from './childProcess';
import type { FromInference, RequestMessage } from './messages';
import type { EngineState, SupervisedEngine } from './supervisedEngine';
import { type Phase, Supervisor } from './supervisor';

/** A request during which the process died so often is given up, so that the others can be answered. */
const deathsPerRequest = 3;
/** Least time between two states that differ in speed only. */
const speedInterval = 1_000;
/** The speed that is told is a mean over about so many sentences. */
const speedSentences = 64;
/** More threads than that gain little on models of this size. */
const mostThreads = 4;

export interface InferenceHostOptions {
  readonly location: ModelLocation;
  /** Folder for what is derived from models and can be made again. */
  readonly stateDir?: string;
  /** As in {@link LoadMessage}. */
  readonly exactProducts?: boolean;
  /** The bundled `inference.js`. */
  readonly processPath: string;
  /** Threads for inference; 0 chooses by the number of processors. */
  readonly threads: number;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How the process is started; tests bring their own. */
  readonly startChild?: StartChild;
}

/** A request that is not answered yet. It outlives the process it was sent to. */
interface Pending {
  readonly message: RequestMessage;
  readonly sentences: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  deaths: number;
}

/** A request without its number. */
type NewRequest = RequestMessage extends infer M ? (M extends RequestMessage ? Omit<M, 'id'> : never) : never;

/** The engine of the server: passes the work to the inference process and sees that it is answered. */
export class InferenceHost implements SupervisedEngine {
  readonly #options: InferenceHostOptions;
  readonly #supervisor: Supervisor;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(state: EngineState) => void>();
  /** Waits for a restart to succeed or fail. */
  readonly #settled: (() => void)[] = [];
  #threads: number;
  #lastId = 0;
  /** The request that the process works on, to be blamed if it dies. */
  #current: number | undefined;
  /** Null before the start. */
  #phase: Phase | null = null;
  #message: string | undefined;
  #device: string | undefined;
  /** Why it runs on another device than the one asked for. */
  #note: string | undefined;
  #millisecondsPerSentence: number | undefined;
  #speedTimer: { cancel(): void } | undefined;

  constructor(options: InferenceHostOptions) {
    this.#options = options;
    this.#threads = toThreads(options.threads);
    this.#supervisor = new Supervisor(
      this.#load(),
      options.startChild ?? forkInference(options.processPath),
      options.clock,
      options.logger,
      {
        phase: (phase, message) => this.#changePhase(phase, message),
        started: () => {
          this.#current = undefined;
          for (const { message } of this.#pending.values()) this.#supervisor.send(message);
        },
        message: (message) => this.#receive(message),
        died: () => this.#countDeath(),
        busy: () => this.#pending.size > 0,
      },
    );
  }

  get state(): EngineState {
    return {
      status: this.#phase === null || this.#phase === 'stopped' ? 'starting' : this.#phase,
      model: this.#options.location.id,
      ...(this.#device !== undefined && { device: this.#device }),
      ...(this.#millisecondsPerSentence !== undefined && {
        millisecondsPerSentence: this.#millisecondsPerSentence,
      }),
      ...(this.#message !== undefined && { message: this.#message }),
    };
  }

  /** The listener is told the present state, then every change, the speed at most once a second. */
  onState(listener: (state: EngineState) => void): { dispose(): void } {
    this.#listeners.add(listener);
    listener(this.state);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Starts the process. Requests made before wait for it. */
  start(): void {
    this.#supervisor.start();
  }

  /**
   * Starts a new process at the user's wish, whatever the state; unanswered requests are sent to it.
   *
   * @returns when it is ready or has failed, which `state` tells.
   */
  restart(): Promise<void> {
    this.#supervisor.start();
    return new Promise((resolve) => {
      this.#settled.push(resolve);
    });
  }

  /** @param threads 0 chooses by the number of processors. A change restarts the process. */
  setThreads(threads: number): void {
    if (toThreads(threads) === this.#threads) return;
    this.#threads = toThreads(threads);
    if (this.#phase !== null && this.#phase !== 'stopped') this.#supervisor.start(this.#load());
  }

  async analyze(
    sentences: readonly string[],
    options: {
      readonly aggregation: Aggregation;
      readonly priority?: Priority;
      readonly signal?: AbortSignal;
    },
  ): Promise<readonly SentenceAnalysis[]> {
    if (sentences.length === 0) return [];
    const { aggregation, priority = 'bulk', signal } = options;
    return this.#request({ type: 'analyze', sentences, aggregation, priority }, sentences.length, signal);
  }

  async fillMask(
    text: string,
    options: { readonly topK: number; readonly targets?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<readonly MaskPrediction[]> {
    const { topK, targets, signal } = options;
    return this.#request({ type: 'fillMask', text, topK, targets }, 0, signal);
  }

  async fillWords(
    text: string,
    { signal, ...options }: WordOptions & { readonly signal?: AbortSignal },
  ): Promise<readonly WordCandidate[]> {
    return this.#request({ type: 'fillWords', text, ...options }, 0, signal);
  }

  async inspect(text: string, options: { readonly signal?: AbortSignal } = {}): Promise<TokenInspection> {
    return this.#request({ type: 'inspect', text }, 0, options.signal);
  }

  /** Ends the process; unanswered requests fail. @returns when it is gone. */
  async dispose(): Promise<void> {
    this.#speedTimer?.cancel();
    this.#listeners.clear();
    const stopped = this.#supervisor.stop();
    this.#rejectAll(stoppedMessage);
    await stopped;
  }

  /** Kills the process without waiting, for the last moment before this one exits. */
  killNow(): void {
    this.#supervisor.killNow();
  }

  #load() {
    const { location, stateDir, exactProducts } = this.#options;
    return { type: 'load', location, stateDir, exactProducts, threads: this.#threads } as const;
  }

  #request<T>(request: NewRequest, sentences: number, signal: AbortSignal | undefined): Promise<T> {
    signal?.throwIfAborted();
    if (this.#phase === 'failed') throw new EngineError(this.#message ?? 'The model failed.');
    if (this.#phase === 'stopped') throw new EngineError(stoppedMessage);
    const id = ++this.#lastId;
    const message: RequestMessage = { ...request, id };
    return new Promise<T>((resolve, reject) => {
      const settle = (): boolean => {
        signal?.removeEventListener('abort', abort);
        return this.#pending.delete(id);
      };
      const abort = (): void => {
        if (!settle()) return;
        this.#supervisor.send({ type: 'cancel', id });
        reject(signal?.reason);
      };
      this.#pending.set(id, {
        message,
        sentences,
        deaths: 0,
        resolve: (result) => {
          if (settle()) resolve(result as T);
        },
        reject: (error) => {
          if (settle()) reject(error);
        },
      });
      signal?.addEventListener('abort', abort);
      this.#supervisor.send(message);
    });
  }

  #receive(message: FromInference): void {
    switch (message.type) {
      case 'loaded':
        this.#device = message.device;
        this.#note = message.note;
        break;
      case 'working':
        this.#current = message.id;
        break;
      case 'analyzed': {
        this.#supervisor.progress();
        this.#measure(message.milliseconds, this.#pending.get(message.id)?.sentences ?? 0);
        this.#pending.get(message.id)?.resolve(message.results);
        break;
      }
      case 'filled':
        this.#supervisor.progress();
        this.#pending.get(message.id)?.resolve(message.predictions);
        break;
      case 'wordsFilled':
        this.#supervisor.progress();
        this.#pending.get(message.id)?.resolve(message.candidates);
        break;
      case 'inspected':
        this.#supervisor.progress();
        this.#pending.get(message.id)?.resolve(message.inspection);
        break;
      case 'requestFailed':
        this.#supervisor.progress();
        this.#pending.get(message.id)?.reject(new EngineError(message.message));
        break;
      case 'log':
        this.#options.logger[message.level](message.message);
        break;
      case 'loadFailed':
      case 'probed':
        break;
    }
  }

  #countDeath(): void {
    const current = this.#current === undefined ? undefined : this.#pending.get(this.#current);
    this.#current = undefined;
    if (!current) return;
    current.deaths++;
    if (current.deaths < deathsPerRequest) return;
    current.reject(
      new EngineError(
        'The inference process ended each time it analyzed this part of the text; it is left out.',
      ),
    );
    // What made it crash is out of the way.
    this.#supervisor.progress();
  }

  #changePhase(phase: Phase, message: string | undefined): void {
    this.#phase = phase;
    this.#message = phase === 'ready' ? this.#note : message;
    if (phase === 'failed') this.#rejectAll(message ?? 'The model failed.');
    if (phase !== 'stopped') this.#tell();
    if (phase === 'starting' || phase === 'restarting') return;
    for (const resolve of this.#settled.splice(0)) resolve();
  }

  #rejectAll(message: string): void {
    for (const request of [...this.#pending.values()]) request.reject(new EngineError(message));
  }

  #measure(milliseconds: number, sentences: number): void {
    if (sentences === 0) return;
    const mean = this.#millisecondsPerSentence;
    const latest = milliseconds / sentences;
    const weight = Math.min(1, sentences / speedSentences);
    this.#millisecondsPerSentence = mean === undefined ? latest : mean + (latest - mean) * weight;
    this.#speedTimer ??= this.#options.clock.setTimeout(() => {
      this.#speedTimer = undefined;
      this.#tell();
    }, speedInterval);
  }

  #tell(): void {
    const { state } = this;
    for (const listener of [...this.#listeners]) listener(state);
  }
}

const stoppedMessage = 'The inference process was stopped.';

/** Two threads halve the time of a result; of more processors the editor and the server keep half. */
export function toThreads(threads: number): number {
  const processors = availableParallelism();
  return threads > 0 ? threads : Math.min(processors, mostThreads, Math.max(2, Math.floor(processors / 2)));
}
