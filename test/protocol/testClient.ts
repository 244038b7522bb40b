import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';
import { bundledModelId, type ModelDescription } from '../../server/src/core/model';
import { readHubEnvironment } from '../../server/src/hub/hubEnvironment';
import { ModelStore } from '../../server/src/models/modelStore';
import {
  DocumentStateNotification,
  type DocumentStateParams,
  EntitiesNotification,
  type EntitiesParams,
  type InitializationOptions,
} from '../../server/src/protocol/protocol';
import { startServer } from '../../server/src/server';
import { FakeClock } from '../support/fakeClock';
import { FakeDevices } from '../support/fakeDevices';
import { FakeEngine, fakeLocation, fakeModel } from '../support/fakeEngine';
import { root } from '../support/paths';

/** No network, and a cache that is not there. */
const absentHub = readHubEnvironment({ HF_HUB_OFFLINE: '1', HF_HOME: '/none' }, '/none');

/** Everything a capable editor says it can. */
export const richCapabilities: ClientCapabilities = {
  textDocument: {
    hover: { contentFormat: ['markdown', 'plaintext'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { versionSupport: true },
  },
  workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
};

interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: InitializationOptions;
  /** Section `subtext`, as the user has it in the settings. */
  readonly settings?: unknown;
  /** Models that are installed beside the bundled one, which the fake engine plays. */
  readonly models?: readonly ModelDescription[];
  /** The folder that is open; none by default. */
  readonly rootUri?: string;
}

/** The real server behind real streams, spoken to as an editor does; only the engine and the time are fake. */
export class TestClient {
  readonly connection: ProtocolConnection;
  readonly engine = new FakeEngine();
  readonly clock = new FakeClock();
  /** Every notification of these kinds, in the order they came. */
  readonly entities: EntitiesParams[] = [];
  readonly states: DocumentStateParams[] = [];
  readonly diagnostics: PublishDiagnosticsParams[] = [];
  /** What the server logged. */
  readonly log: string[] = [];
  /** What the user has in the settings, section `subtext`, unless a document has its own. */
  settings: unknown;
  readonly documentSettings = new Map<string, unknown>();
  /** Engines of other models than the fake one, by the model's id. */
  readonly engines = new Map<string, FakeEngine>();
  readonly devices = new FakeDevices();
  /** What the answer to each question for settings waits for. */
  beforeSettings: () => Promise<void> = async () => {};
  /** Called whenever the server lets other events in, in the middle of its work. */
  onPause: () => void = () => {};
  /** Registrations that the server asked for. */
  readonly registered: string[] = [];
  readonly #watchers = new Set<() => void>();
  readonly #up = new PassThrough();

  private constructor({ settings = {}, models = [] }: ClientOptions) {
    const [up, down] = [this.#up, new PassThrough()];
    this.settings = settings;
    for (const { id } of models) this.engines.set(id, new FakeEngine(id));
    for (const engine of this.engines.values()) engine.onRequest = () => this.#look();
    this.engine.onRequest = () => this.#look();
    const server = createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(up),
      new StreamMessageWriter(down),
    );
    startServer(server, {
      version: '0.0.0',
      models: {
        find: (ref) => {
          const description = [{ ...fakeModel, id: bundledModelId }, ...models].find(({ id }) => id === ref);
          return description && { location: { ...fakeLocation, id: ref }, description, bytes: 1 };
        },
        forget: () => {},
      },
      store: new ModelStore({ modelsDir: join(root, 'models'), environment: absentHub }),
      createDevices: () => this.devices,
      createEngine: ({ location }) => this.engines.get(location.id) ?? this.engine,
      clock: this.clock,
      pause: () => {
        this.onPause();
        return new Promise((resolve) => setImmediate(resolve));
      },
      loadTranslations: async () => {},
    });
    server.listen();
    this.connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  }

  /** A client whose server has not heard of it yet. */
  static connect(options: ClientOptions = {}): TestClient {
    const client = new TestClient(options);
    const { connection } = client;
    connection.onNotification(EntitiesNotification.type, (params) => client.#note(client.entities, params));
    connection.onNotification(DocumentStateNotification.type, (params) =>
      client.#note(client.states, params),
    );
    connection.onNotification(PublishDiagnosticsNotification.type, (params) =>
      client.#note(client.diagnostics, params),
    );
    connection.onRequest(ConfigurationRequest.type, async ({ items }) => {
      const settings = items.map(
        ({ scopeUri }) => client.documentSettings.get(scopeUri ?? '') ?? client.settings,
      );
      await client.beforeSettings();
      return settings;
    });
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      client.registered.push(...registrations.map(({ method }) => method));
    });
    connection.onNotification(LogMessageNotification.type, ({ message }) =>
      client.#note(client.log, message),
    );
    connection.listen();
    return client;
  }

  static async start(options: ClientOptions = {}): Promise<TestClient> {
    const client = TestClient.connect(options);
    const { connection } = client;
    client.initializeResult = await connection.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: options.rootUri ?? null,
      capabilities: options.capabilities ?? richCapabilities,
      initializationOptions: options.initializationOptions ?? { entities: true, diagnostics: 'push' },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  initializeResult: InitializeResult = { capabilities: {} };

  /** Opens a document and waits until it is analysed, unless the engine is held. */
  async open(text: string, { uri = 'file:///a.md', languageId = 'markdown' } = {}): Promise<string> {
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version: 1, text },
    });
    if (!this.engine.isHeld) await this.complete(uri, 1);
    return uri;
  }

  async edit(
    uri: string,
    version: number,
    ...contentChanges: TextDocumentContentChangeEvent[]
  ): Promise<void> {
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  /** Waits until the server says that a version is done with. */
  complete(uri: string, version: number): Promise<DocumentStateParams> {
    return this.until(() =>
      this.states.find(
        (state) => state.uri === uri && state.version === version && state.status !== 'analyzing',
      ),
    );
  }

  /** Waits until the server has handled all that was sent. */
  async roundTrip(): Promise<void> {
    await this.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri: 'file:///none' },
      position: { line: 0, character: 0 },
    });
  }

  /** Sends what no client would: the content of a message as it is. */
  sendRaw(content: string): void {
    this.#up.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  }

  /** The diagnostics that stand at last. */
  lastDiagnostics(uri: string): PublishDiagnosticsParams | undefined {
    return this.diagnostics.findLast((params) => params.uri === uri);
  }

  async changeSettings(settings: unknown): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  /** Resolves as soon as something is there; looked for after every notification and request to the engine. */
  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest(ShutdownRequest.type);
    this.connection.dispose();
  }

  #note<T>(list: T[], params: T): void {
    list.push(params);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** A change as LSP wants it. */
export const change = (
  startLine: number,
  startCharacter: number,
  endLine: number,
  endCharacter: number,
  text: string,
): TextDocumentContentChangeEvent => ({
  range: {
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  },
  text,
});
