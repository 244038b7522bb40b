import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  IPCMessageReader,
  IPCMessageWriter,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
} from 'vscode-languageserver-protocol/node';
import {
  DocumentStateNotification,
  type DocumentStateParams,
  EngineStateNotification,
  type EngineStateParams,
  EntitiesNotification,
  type EntitiesParams,
  type InitializationOptions,
  ViewNotification,
  type ViewParams,
} from '../../../server/src/protocol/protocol';
import { root } from '../../support/paths';
import { endWithThisProcess } from '../../support/processes';

export interface BenchServerOptions {
  /** Options of Node.js for the server process. */
  readonly execArgv?: readonly string[];
  /** The section `subtext`; defaults unless given. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** URI of the workspace folder, where there is one. */
  readonly folder?: string;
}

/** What VS Code's language client says, as far as the server looks at it. */
const capabilities: ClientCapabilities = {
  general: { positionEncodings: ['utf-16'] },
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceFolders: true,
  },
  textDocument: {
    synchronization: { dynamicRegistration: true },
    publishDiagnostics: { versionSupport: true, relatedInformation: true },
    diagnostic: { dynamicRegistration: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

const initializationOptions: InitializationOptions = { entities: true, diagnostics: 'push' };

/** The file descriptor behind those of standard streams and IPC, on which a preloaded probe can be talked to. */
const PROBE_DESCRIPTOR = 4;

/** The real server in a process of its own, spoken to over IPC as VS Code does. */
export class BenchServer {
  readonly connection: ProtocolConnection;
  /** `performance.now()` just before the process was started. */
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #release: () => void;
  readonly #entitiesListeners = new Set<(params: EntitiesParams) => void>();
  readonly #stateListeners = new Set<(params: DocumentStateParams) => void>();
  readonly #engineListeners = new Set<(params: EngineStateParams) => void>();

  private constructor({ execArgv = [], settings = {} }: BenchServerOptions) {
    this.startedAt = performance.now();
    this.#child = fork(join(root, 'dist/server.js'), ['--node-ipc'], {
      execArgv: [...execArgv],
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    });
    this.#release = endWithThisProcess(this.#child);
    this.connection = createProtocolConnection(
      new IPCMessageReader(this.#child),
      new IPCMessageWriter(this.#child),
    );
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings));
    this.connection.onRequest(RegistrationRequest.type, () => {});
    this.connection.onNotification(PublishDiagnosticsNotification.type, () => {});
    this.connection.onNotification(EntitiesNotification.type, (params) =>
      tell(this.#entitiesListeners, params),
    );
    this.connection.onNotification(DocumentStateNotification.type, (params) =>
      tell(this.#stateListeners, params),
    );
    this.connection.onNotification(EngineStateNotification.type, (params) =>
      tell(this.#engineListeners, params),
    );
    this.connection.listen();
    // Requests that are not answered then fail instead of waiting for ever.
    this.#child.once('exit', () => this.connection.dispose());
  }

  /** Starts a server and shakes hands with it; the model may still be loading. */
  static async start(options: BenchServerOptions = {}): Promise<BenchServer> {
    const server = new BenchServer(options);
    await server.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: options.folder ?? null,
      capabilities,
      initializationOptions,
    });
    await server.connection.sendNotification(InitializedNotification.type, {});
    return server;
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error('The server did not start.');
    return pid;
  }

  /** The channel to a probe that `execArgv` preloads. */
  get probe(): Socket {
    return this.#child.stdio[PROBE_DESCRIPTOR] as Socket;
  }

  onEntities(listener: (params: EntitiesParams) => void): { dispose(): void } {
    return listen(this.#entitiesListeners, listener);
  }

  onDocumentState(listener: (params: DocumentStateParams) => void): { dispose(): void } {
    return listen(this.#stateListeners, listener);
  }

  /** Opens a Markdown document, version 1, without waiting for anything. */
  async open(uri: string, text: string): Promise<void> {
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'markdown', version: 1, text },
    });
  }

  async type(uri: string, version: number, at: Position, text: string): Promise<void> {
    const { line, character } = at;
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: { line, character }, end: { line, character } }, text }],
    });
  }

  async view(params: ViewParams): Promise<void> {
    await this.connection.sendNotification(ViewNotification.type, params);
  }

  /** Resolves with the state that says that this version is analysed to the end. To be called before the cause. */
  complete(uri: string, version: number): Promise<DocumentStateParams> {
    return this.#next(this.#stateListeners, (state) => {
      if (state.uri !== uri || state.version !== version) return false;
      if (state.status === 'skipped') throw new Error(`The document was skipped: ${state.reason}.`);
      return state.status === 'complete';
    });
  }

  /** Opens a document and waits until all of it is analysed. */
  async analyze(uri: string, text: string): Promise<DocumentStateParams> {
    const complete = this.complete(uri, 1);
    await this.open(uri, text);
    return complete;
  }

  /** Resolves with the next entities that fulfil a condition. To be called before the cause. */
  entities(condition: (params: EntitiesParams) => boolean): Promise<EntitiesParams> {
    return this.#next(this.#entitiesListeners, condition);
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    await exited;
    this.#release();
  }

  #next<T>(listeners: Set<(params: T) => void>, condition: (params: T) => boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const died = (): void => settle(() => reject(new Error('The server ended before it answered.')));
      const failed = listen(this.#engineListeners, ({ status, message }) => {
        if (status === 'failed') settle(() => reject(new Error(message)));
      });
      const subscription = listen(listeners, (params) => {
        try {
          if (condition(params)) settle(() => resolve(params));
        } catch (error) {
          settle(() => reject(error));
        }
      });
      const settle = (how: () => void): void => {
        subscription.dispose();
        failed.dispose();
        this.#child.off('exit', died);
        how();
      };
      this.#child.once('exit', died);
    });
  }
}

function listen<T>(listeners: Set<(params: T) => void>, listener: (params: T) => void): { dispose(): void } {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}

function tell<T>(listeners: ReadonlySet<(params: T) => void>, params: T): void {
  for (const listener of [...listeners]) listener(params);
}
