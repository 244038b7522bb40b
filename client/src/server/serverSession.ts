import type { NotificationType, RequestType, RequestType0 } from 'vscode-languageclient/node';
import type { ServerState } from '../api';
import type { Clock } from '../clock';
import type { RestartPolicy } from './restartPolicy';

interface Disposable {
  dispose(): unknown;
}

interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: (event: unknown) => unknown): Disposable;
}

/** The part of a `LanguageClient` that a session uses. */
export interface ServerClient {
  start(): Promise<void>;
  dispose(timeout?: number): Promise<void>;
  sendRequest<R, E>(type: RequestType0<R, E>, token?: Cancellation): Promise<R>;
  sendRequest<P, R, E>(type: RequestType<P, R, E>, params: P, token?: Cancellation): Promise<R>;
  sendNotification<P>(type: NotificationType<P>, params: P): Promise<void>;
}

export interface SessionOptions {
  /** Makes a client for one run of the server. It calls `closed` when the server ends without being asked to. */
  createClient(closed: () => void): Promise<ServerClient>;
  readonly clock: Clock;
  readonly restartPolicy: RestartPolicy;
  onState(state: ServerState): void;
  /** The message for the user when the server cannot be kept running. */
  readonly failureMessage: string;
  log(message: string): void;
}

/** A server gets this long, in milliseconds, to shut down before it is killed. */
const shutdownTimeout = 2_000;

/**
 * Keeps one language server running: starts it, starts it again with growing delays when it dies, replaces
 * it when asked. Each run has a client of its own, so a half-dead one leaves nothing behind.
 */
export class ServerSession {
  readonly #options: SessionOptions;
  #client: ServerClient | undefined;
  #state: ServerState = { status: 'stopped' };
  #waiting: { cancel(): void } | undefined;
  /** Starts and stops follow each other; two at a time would fight over the output channel and the documents. */
  #queue: Promise<void> = Promise.resolve();
  #started: Promise<void> = Promise.resolve();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get state(): ServerState {
    return this.#state;
  }

  get running(): boolean {
    return this.#state.status === 'running';
  }

  /** Starts the server unless it was started before. Resolves when it runs or failed to. */
  async start(): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#client === undefined && this.#state.status === 'stopped') await this.#launch('starting');
    });
    await this.#started;
  }

  /** Replaces the server, whatever state it is in, by a fresh one. Resolves when it runs or failed to. */
  async restart(): Promise<void> {
    await this.#enqueue(async () => {
      this.#options.restartPolicy.reset();
      await this.#end();
      await this.#launch('starting');
    });
    await this.#started;
  }

  stop(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#end();
      this.#setState({ status: 'stopped' });
    });
  }

  /** @throws where the server does not run, or answers with an error. */
  async request<P, R, E>(type: RequestType<P, R, E>, params: P, token?: Cancellation): Promise<R> {
    return this.#runningClient().sendRequest(type, params, token);
  }

  /** As `request`, of a kind without parameters. */
  async ask<R, E>(type: RequestType0<R, E>, token?: Cancellation): Promise<R> {
    return this.#runningClient().sendRequest(type, token);
  }

  /** Dropped where the server does not run: it learns the state of the world when it starts. */
  notify<P>(type: NotificationType<P>, params: P): void {
    if (!this.#client || !this.running) return;
    this.#client.sendNotification(type, params).catch((error: unknown) => {
      this.#options.log(`Could not send ${type.method}: ${messageOf(error)}`);
    });
  }

  #runningClient(): ServerClient {
    if (!this.#client || !this.running) throw new Error(this.#options.failureMessage);
    return this.#client;
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    this.#queue = this.#queue.then(task, task);
    return this.#queue;
  }

  /** Does not wait for the server, so that one that never answers can still be replaced. */
  async #launch(status: 'starting' | 'restarting'): Promise<void> {
    let ended = false;
    const closed = () => {
      // A server that dies while it starts is told twice: by its connection and by the rejected start.
      if (ended || client !== this.#client) return;
      ended = true;
      void this.#recover();
    };
    this.#setState({ status });
    const client = await this.#options.createClient(closed);
    this.#client = client;
    this.#started = client.start().then(
      () => {
        if (client === this.#client && !ended) this.#setState({ status: 'running' });
      },
      (error: unknown) => {
        this.#options.log(`The server did not start: ${messageOf(error)}`);
        closed();
      },
    );
  }

  #recover(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#end();
      const delay = this.#options.restartPolicy.nextDelay(this.#options.clock.now());
      if (delay === undefined) {
        this.#setState({ status: 'failed', message: this.#options.failureMessage });
        return;
      }
      this.#setState({ status: 'restarting' });
      this.#waiting = this.#options.clock.setTimeout(() => {
        this.#waiting = undefined;
        void this.#enqueue(async () => {
          if (this.#client === undefined && this.#state.status === 'restarting')
            await this.#launch('restarting');
        });
      }, delay);
    });
  }

  async #end(): Promise<void> {
    this.#waiting?.cancel();
    this.#waiting = undefined;
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    await this.#settledStart();
    try {
      await client.dispose(shutdownTimeout);
    } catch (error) {
      this.#options.log(`The server did not shut down cleanly: ${messageOf(error)}`);
    }
  }

  /** A client that is still starting refuses to be disposed of, and its server would stay. */
  async #settledStart(): Promise<void> {
    let timeout: { cancel(): void } | undefined;
    const expired = new Promise<void>((resolve) => {
      timeout = this.#options.clock.setTimeout(resolve, shutdownTimeout);
    });
    await Promise.race([this.#started, expired]);
    timeout?.cancel();
  }

  #setState(state: ServerState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
