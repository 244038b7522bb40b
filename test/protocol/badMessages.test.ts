import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DidOpenTextDocumentNotification,
  ErrorCodes,
  InitializeRequest,
  RegistrationRequest,
  ResponseError,
  ShutdownRequest,
} from 'vscode-languageserver-protocol/node';
import { notificationShapes, requestShapes } from '../../server/src/protocol/messageShapes';
import { RestartEngineRequest } from '../../server/src/protocol/protocol';
import { change, richCapabilities, TestClient } from './testClient';

/* A rejection that nothing handles fails the run of Vitest, so each of these tests is one of that, too. */

/** By what registers a handler: the method of its messages. */
const methods: Readonly<Record<string, string>> = {
  onInitialize: 'initialize',
  onInitialized: 'initialized',
  onShutdown: 'shutdown',
  onExit: 'exit',
  onDidChangeConfiguration: 'workspace/didChangeConfiguration',
  onDidChangeWatchedFiles: 'workspace/didChangeWatchedFiles',
  'workspace.onDidChangeWorkspaceFolders': 'workspace/didChangeWorkspaceFolders',
  onExecuteCommand: 'workspace/executeCommand',
  onDidOpenTextDocument: 'textDocument/didOpen',
  onDidChangeTextDocument: 'textDocument/didChange',
  onDidCloseTextDocument: 'textDocument/didClose',
  onDidSaveTextDocument: 'textDocument/didSave',
  onWillSaveTextDocument: 'textDocument/willSave',
  onWillSaveTextDocumentWaitUntil: 'textDocument/willSaveWaitUntil',
  onHover: 'textDocument/hover',
  onCompletion: 'textDocument/completion',
  onDocumentHighlight: 'textDocument/documentHighlight',
  onReferences: 'textDocument/references',
  onDocumentSymbol: 'textDocument/documentSymbol',
  onCodeAction: 'textDocument/codeAction',
  'languages.diagnostics.on': 'textDocument/diagnostic',
  'languages.semanticTokens.on': 'textDocument/semanticTokens/full',
  'languages.semanticTokens.onRange': 'textDocument/semanticTokens/range',
};
const methodOf = (name: string): string => methods[name] ?? name;

const lifecycle = ['onInitialize', 'onInitialized', 'onShutdown', 'onExit'];
/** These have no parameters, so there are no wrong ones; some of them ask the network. */
const withoutParameters = /restartEngine|subtext\/models|benchmark|Cuda/u;
const notifications = [...notificationShapes.keys()]
  .filter((name) => !lifecycle.includes(name))
  .map(methodOf);
const requests = [...requestShapes.keys()]
  .filter((name) => !lifecycle.includes(name) && !withoutParameters.test(name))
  .map(methodOf);

/** For clients that pull and show semantic tokens, so that every handler is there. */
const pulling = {
  capabilities: {
    ...richCapabilities,
    textDocument: { ...richCapabilities.textDocument, diagnostic: {}, semanticTokens: {} as never },
    workspace: {
      ...richCapabilities.workspace,
      workspaceFolders: true,
      diagnostics: { refreshSupport: true },
      semanticTokens: { refreshSupport: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
    },
  },
  initializationOptions: {},
};

const SECRET = 'Rosalind';
const uri = 'file:///a.md';

const wrongParameters: readonly object[] = [
  {},
  [],
  [null],
  { textDocument: null },
  { textDocument: { text: SECRET, languageId: 'markdown', version: 1 } },
  { textDocument: { uri: 5, text: SECRET, languageId: 'markdown', version: 1 } },
  { textDocument: { uri: { path: SECRET }, text: SECRET, languageId: 'markdown', version: 1 } },
  { textDocument: { uri: 5 }, position: { line: 0, character: 0 }, context: {} },
  { textDocument: { uri: 5 }, contentChanges: [{ text: SECRET }], range: 5 },
  {
    textDocument: { uri, version: 'one' },
    contentChanges: SECRET,
    position: SECRET,
    span: [],
    range: SECRET,
  },
  { textDocument: { uri, version: 2 }, contentChanges: [{ range: {}, text: SECRET }, 5] },
  { uri: 5, version: SECRET, active: 'yes', visible: 7 },
  { uri, version: 1, active: true, visible: [null] },
  { changes: [null] },
  { event: null },
  { ref: 5, commit: {}, command: [SECRET] },
];

/** That the server still does its work. */
async function expectAlive(client: TestClient): Promise<void> {
  await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: 'file:///alive.md', languageId: 'markdown', version: 1, text: 'Ada.\n' },
  });
  const symbols = await client.connection.sendRequest('textDocument/documentSymbol', {
    textDocument: { uri: 'file:///alive.md' },
  });
  expect(Array.isArray(symbols)).toBe(true);
  await client.complete('file:///alive.md', 1);
}

const codeOf = (answer: Promise<unknown>): Promise<number | undefined> =>
  answer.then(
    () => undefined,
    (error: unknown) => (error instanceof ResponseError ? error.code : Number.NaN),
  );

describe('a malformed message', () => {
  it.each(notifications)('%s is ignored and logged without a word of it', async (method) => {
    const client = await TestClient.start(pulling);
    const open = await client.open(`${SECRET}, Ada.\n`);
    const before = client.log.length;
    for (const params of wrongParameters) await client.connection.sendNotification(method, params);
    await client.roundTrip();
    await expectAlive(client);
    const logged = client.log.slice(before);
    // One that lacks nothing the server needs is none; all others are told.
    expect(logged.length).toBeGreaterThan(method === 'workspace/didChangeConfiguration' ? -1 : 10);
    expect(logged.join('\n')).not.toContain(SECRET);
    expect(open).toBe('file:///a.md');
    await client.stop();
  });

  it.each(requests)('%s is answered with InvalidParams', async (method) => {
    const client = await TestClient.start(pulling);
    await client.open(`${SECRET}, Ada.\n`);
    for (const params of [{}, [null], { textDocument: { uri: 5 }, ref: 5, command: 5 }]) {
      const code = await codeOf(client.connection.sendRequest(method, params));
      // The library offers nothing to save for, and looks into the rest before our handlers do.
      expect([ErrorCodes.InvalidParams, ErrorCodes.InternalError]).toContain(code);
    }
    for (const params of wrongParameters) await codeOf(client.connection.sendRequest(method, params));
    await expectAlive(client);
    expect(client.log.join('\n')).not.toContain(SECRET);
    await client.stop();
  });

  it.each([
    ['', '[]', 'null', '5', '"text"', '{}', '{"jsonrpc":"2.0"}'],
    ['{"jsonrpc":"2.0","id":{},"method":"textDocument/hover"}', '{"jsonrpc":"2.0","id":1,"method":7}'],
    ['{"jsonrpc":"2.0","method":"textDocument/didOpen"}', '{"jsonrpc":"2.0","method":"$/cancelRequest"}'],
    ['{"jsonrpc":"2.0","method":"textDocument/didOpen","params":7}', '{"jsonrpc":"2.0","id":99,"result":1}'],
    [
      '{"jsonrpc":"2.0","method":"$/progress","params":null}',
      '{"jsonrpc":"2.0","method":"$/setTrace","params":{}}',
    ],
  ])('that is hardly one: %s …', async (...contents) => {
    const client = await TestClient.start();
    for (const content of contents) client.sendRaw(content);
    await client.roundTrip();
    await expectAlive(client);
    await client.stop();
  });

  it('of any kind leaves the server at work', async () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const document = fc.record(
      {
        uri: fc.oneof(fc.constantFrom(uri, '', '%', 'file:///%zz', 'untitled:x'), json),
        languageId: fc.oneof(fc.constant('markdown'), json),
        version: fc.oneof(fc.integer(), json),
        text: fc.oneof(fc.constant('Ada.\n'), json),
      },
      { requiredKeys: [] },
    );
    const position = fc.record({ line: fc.oneof(fc.integer(), json), character: fc.oneof(fc.nat(9), json) });
    const range = fc.record({ start: position, end: position });
    const params = fc.record(
      {
        textDocument: fc.oneof(document, json),
        position: fc.oneof(position, json),
        range: fc.oneof(range, json),
        contentChanges: fc.oneof(fc.array(fc.oneof(fc.record({ range, text: fc.string() }), json)), json),
        uri: fc.oneof(fc.constant(uri), json),
        version: fc.oneof(fc.integer(), json),
        active: fc.oneof(fc.boolean(), json),
        visible: fc.oneof(fc.array(fc.record({ start: fc.integer(), end: fc.integer() })), json),
        changes: json,
        event: json,
        settings: json,
        context: fc.oneof(fc.constant({ diagnostics: [] }), json),
        span: json,
        ref: json,
        command: json,
        arguments: json,
      },
      { requiredKeys: [] },
    );
    const message = fc.record({
      method: fc.constantFrom(...notifications, ...requests),
      params: fc.oneof(params, json),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 30 }), async (messages) => {
        const client = await TestClient.start(pulling);
        for (const { method, params: given } of messages) {
          if (method.startsWith('subtext/') && /ownload|removeModel/u.test(method)) continue;
          const id = requests.includes(method) ? { id: `any-${method}` } : {};
          client.sendRaw(JSON.stringify({ jsonrpc: '2.0', ...id, method, params: given }));
        }
        await client.roundTrip();
        await expectAlive(client);
        await client.stop();
      }),
      { numRuns: 40 },
    );
  });
});

describe('a request', () => {
  it('that fails is answered, and the log has no message that may quote a document', async () => {
    const client = await TestClient.start();
    client.engine.restart = async () => {
      throw new SyntaxError(`Unexpected token in ${SECRET}`);
    };
    await client.open('Ada.\n');
    const failure = await client.connection
      .sendRequest(RestartEngineRequest.type)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: ErrorCodes.InternalError });
    const told = await client.until(() => client.log.find((line) => line.includes('SyntaxError')));
    expect(`${told}${String(failure)}`).not.toContain(SECRET);
    await expectAlive(client);
    await client.stop();
  });

  it('before `initialize`, after `shutdown`, and a second `initialize` are refused', async () => {
    const client = TestClient.connect();
    const hover = () =>
      codeOf(
        client.connection.sendRequest('textDocument/hover', {
          textDocument: { uri },
          position: { line: 0, character: 0 },
        }),
      );
    const initialize = () =>
      codeOf(
        client.connection.sendRequest(InitializeRequest.type, {
          processId: null,
          rootUri: null,
          capabilities: {},
        }),
      );
    expect(await hover()).toBe(ErrorCodes.ServerNotInitialized);
    expect(await codeOf(client.connection.sendRequest('initialize', { capabilities: 5 }))).toBe(
      ErrorCodes.InvalidParams,
    );
    expect(await initialize()).toBeUndefined();
    expect(await initialize()).toBe(ErrorCodes.InvalidRequest);
    expect(await hover()).toBeUndefined();
    await client.connection.sendRequest(ShutdownRequest.type);
    expect(await hover()).toBe(ErrorCodes.InvalidRequest);
    expect(await codeOf(client.connection.sendRequest('subtext/unknown', {}))).toBe(
      ErrorCodes.InvalidRequest,
    );
    expect(await codeOf(client.connection.sendRequest(ShutdownRequest.type))).toBe(ErrorCodes.InvalidRequest);
    client.connection.dispose();
  });
});

describe('a client', () => {
  it.each(['C', 'en_US.UTF-8', '../../secret', '\0', '', null])(
    'whose language is %j gets English',
    async (locale) => {
      const client = TestClient.connect();
      const code = await codeOf(
        client.connection.sendRequest('initialize', {
          processId: null,
          rootUri: null,
          capabilities: {},
          locale,
        }),
      );
      expect(code).toBeUndefined();
      await client.connection.sendNotification('initialized', {});
      await expectAlive(client);
      await client.stop();
    },
  );
});

describe('a client that refuses', () => {
  it('everything it is asked for still gets results', async () => {
    const client = TestClient.connect();
    const refuse = () => new ResponseError(ErrorCodes.InternalError, 'No.');
    for (const method of [
      'workspace/configuration',
      'workspace/semanticTokens/refresh',
      'workspace/diagnostic/refresh',
    ])
      client.connection.onRequest(method, refuse);
    client.connection.onRequest(RegistrationRequest.type, refuse);
    await client.connection.sendRequest(InitializeRequest.type, {
      processId: null,
      rootUri: null,
      ...pulling,
    });
    await client.connection.sendNotification('initialized', {});
    await expectAlive(client);
    client.clock.advance(10_000);
    await client.roundTrip();
    await client.stop();
  });
});

describe('a document that is opened a second time', () => {
  it('has the new text', async () => {
    const client = await TestClient.start();
    await client.open('Ada is here.\n\nBerlin.\n');
    await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'plaintext', version: 7, text: '`Berlin` is terrible.\n' },
    });
    await client.complete(uri, 7);
    const marks = client.entities.filter(({ version }) => version === 7).flatMap(({ regions }) => regions);
    expect(marks.flatMap(({ entities }) => entities.map(({ start, type }) => [start, type]))).toEqual([
      [1, 'LOC'],
    ]);
    expect(client.lastDiagnostics(uri)).toMatchObject({
      version: 7,
      diagnostics: [{ code: 'negative-sentence' }],
    });
    // It is followed as any other.
    await client.edit(uri, 8, change(0, 0, 0, 0, 'Then '));
    await client.complete(uri, 8);
    expect(client.entities.at(-1)?.regions.flatMap(({ entities }) => entities)).toMatchObject([
      { type: 'LOC', start: 6 },
    ]);
    await client.stop();
  });

  it('before its settings are there, too', async () => {
    const client = await TestClient.start();
    await client.roundTrip();
    const held: (() => void)[] = [];
    client.beforeSettings = () => new Promise((resolve) => held.push(resolve));
    for (const [version, text] of [
      [1, 'Ada.\n'],
      [2, 'Berlin.\n'],
    ] as const) {
      await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'markdown', version, text },
      });
    }
    await client.roundTrip();
    client.beforeSettings = async () => {};
    for (const answer of held) answer();
    await client.complete(uri, 2);
    expect(client.entities.map(({ version }) => version)).not.toContain(1);
    await client.stop();
  });
});
