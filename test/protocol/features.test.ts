import { describe, expect, it } from 'vitest';
import {
  DiagnosticSeverity,
  DidCloseTextDocumentNotification,
  DocumentDiagnosticRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  HoverRequest,
  ReferencesRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
} from 'vscode-languageserver-protocol';
import {
  AnalyzeDocumentRequest,
  EngineStateNotification,
  InspectTokensRequest,
  RestartEngineRequest,
} from '../../server/src/protocol/protocol';
import { change, richCapabilities, TestClient } from './testClient';

const position = (line: number, character: number) => ({ line, character });
const range = (line: number, start: number, end: number) => ({
  start: position(line, start),
  end: position(line, end),
});

describe('initialize', () => {
  it('offers what the client can use', async () => {
    const client = await TestClient.start();
    expect(client.initializeResult).toEqual({
      serverInfo: { name: 'Subtext', version: '0.0.0' },
      capabilities: {
        textDocumentSync: { openClose: true, change: 2, save: true },
        hoverProvider: true,
        documentSymbolProvider: { label: 'Subtext' },
        documentHighlightProvider: true,
        referencesProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        executeCommandProvider: { commands: ['subtext.changeRules'] },
        completionProvider: { triggerCharacters: [']', '>'], completionItem: { labelDetailsSupport: true } },
      },
    });
    await client.stop();
  });

  it('asks to be told of changed settings', async () => {
    const client = await TestClient.start();
    await client.open('Ada.');
    expect(client.registered).toEqual(['workspace/didChangeConfiguration']);
    await client.stop();
  });
});

describe('hover', () => {
  it('tells an entity, its other mentions, the sentence and the balance of the document', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is lovely.\n\nIt was terrible.\n\nThen Ada_Ada* went.\n');
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: position(0, 1),
    });
    expect(hover).toEqual({
      contents: {
        kind: 'markdown',
        value: [
          '**Person** · Ada · Confidence: 90 %',
          '3 mentions in this document; others in lines 5.',
          'Sentence: **positive** 95 % (negative 1 %, neutral 4 %) · +0.94 on a scale from −1 to +1',
          'Document, in sentences: 1 negative · 1 neutral · 1 positive',
        ].join('\n\n'),
      },
      range: range(0, 0, 3),
    });
    await client.stop();
  });

  it('over prose without an entity shows the sentence', async () => {
    const client = await TestClient.start({ capabilities: { textDocument: {} } });
    const uri = await client.open('It was terrible.\n\n`code`\n');
    const ask = (line: number) =>
      client.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position: position(line, 3),
      });
    expect(await ask(0)).toEqual({
      contents: {
        kind: 'plaintext',
        value:
          'Sentence: negative 96 % (neutral 3 %, positive 1 %) · −0.95 on a scale from −1 to +1\n\nDocument, in sentences: 1 negative · 0 neutral · 0 positive',
      },
      range: range(0, 0, 16),
    });
    expect(await ask(2)).toBeNull();
    await client.stop();
  });

  it('escapes whatever the document says', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada **Ber**lin <b>Ada</b>.\n');
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: position(0, 8),
    });
    expect(JSON.stringify(hover?.contents)).toContain('Ber\\\\*\\\\*lin');
    await client.stop();
  });

  it('is empty beside prose and in unknown documents', async () => {
    const client = await TestClient.start();
    const uri = await client.open('```\nAda\n```\n');
    const ask = (target: string) =>
      client.connection.sendRequest(HoverRequest.type, {
        textDocument: { uri: target },
        position: position(1, 1),
      });
    expect(await ask(uri)).toBeNull();
    expect(await ask('file:///unknown.md')).toBeNull();
    await client.stop();
  });
});

describe('diagnostics', () => {
  const terrible = {
    range: range(2, 4, 20),
    severity: DiagnosticSeverity.Information,
    source: 'subtext',
    code: 'negative-sentence',
    message: 'This sentence sounds strongly negative (96 %).',
  };

  it('report none in code, which speaks of errors without being upset', async () => {
    const client = await TestClient.start();
    const uri = await client.open('# It was terrible. Ada.\nx = "Ada"\n', {
      uri: 'file:///a.py',
      languageId: 'python',
    });
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: position(0, 4),
    });
    expect(JSON.stringify(hover)).toContain('**negative** 96 %');
    await client.stop();
  });

  it('report strongly negative sentences', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is lovely.\n\nYes. It was terrible. No.\n');
    expect(client.lastDiagnostics(uri)).toEqual({
      uri,
      version: 1,
      diagnostics: [{ ...terrible, range: range(2, 5, 21) }],
    });
    await client.stop();
  });

  it('follow edits and settings', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is lovely.\n\nIt was terrible.\n');
    await client.edit(uri, 2, change(2, 0, 2, 0, 'No: '));
    await client.complete(uri, 2);
    expect(client.lastDiagnostics(uri)).toEqual({
      uri,
      version: 2,
      diagnostics: [{ ...terrible, range: range(2, 0, 20) }],
    });
    client.diagnostics.length = 0;
    await client.changeSettings({
      entities: { diagnostics: 'hint' },
      sentiment: { diagnostics: 'error', threshold: 0.99 },
    });
    await client.until(() => client.diagnostics.at(-1));
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([
      {
        range: range(0, 0, 3),
        severity: DiagnosticSeverity.Hint,
        source: 'subtext',
        code: 'entity-per',
        message: 'Person (90 %)',
      },
    ]);
    await client.stop();
  });

  it('keep the strongest where there are too many', async () => {
    const client = await TestClient.start({
      settings: { diagnostics: { maximum: 2 }, entities: { diagnostics: 'hint' } },
    });
    const uri = await client.open('Ada.\n\nIt was terrible.\n\nBerlin.\n');
    expect(client.lastDiagnostics(uri)?.diagnostics.map(({ code }) => code)).toEqual([
      'entity-per',
      'negative-sentence',
    ]);
    await client.stop();
  });

  it('go when the document is closed', async () => {
    const client = await TestClient.start();
    const uri = await client.open('It was terrible.\n');
    expect(client.lastDiagnostics(uri)?.diagnostics).toHaveLength(1);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
    await client.until(() => (client.lastDiagnostics(uri)?.diagnostics.length === 0 ? true : undefined));
    await client.stop();
  });

  it('are pulled where the client asks for that, and not pushed', async () => {
    const client = await TestClient.start({
      capabilities: {
        ...richCapabilities,
        textDocument: { diagnostic: {} },
        workspace: { ...richCapabilities.workspace, diagnostics: { refreshSupport: true } },
      },
      initializationOptions: {},
    });
    expect(client.initializeResult.capabilities.diagnosticProvider).toEqual({
      identifier: 'subtext',
      interFileDependencies: false,
      workspaceDiagnostics: false,
    });
    client.connection.onRequest('workspace/diagnostic/refresh', () => null);
    const uri = await client.open('It was terrible.\n');
    const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
    });
    expect(report).toEqual({ kind: 'full', items: [{ ...terrible, range: range(0, 0, 16) }] });
    expect(client.diagnostics).toEqual([]);
    await client.stop();
  });
});

describe('document symbols', () => {
  it('group entities by type, each once', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada and Berlin.\n\nAda again.\n');
    expect(
      await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } }),
    ).toEqual([
      {
        name: 'Person',
        detail: '2',
        kind: 3,
        range: { start: position(0, 0), end: position(2, 3) },
        selectionRange: range(0, 0, 3),
        children: [
          { name: 'Ada', detail: '×2', kind: 13, range: range(0, 0, 3), selectionRange: range(0, 0, 3) },
        ],
      },
      {
        name: 'Location',
        detail: '1',
        kind: 3,
        range: range(0, 8, 14),
        selectionRange: range(0, 8, 14),
        children: [
          { name: 'Berlin', detail: '', kind: 14, range: range(0, 8, 14), selectionRange: range(0, 8, 14) },
        ],
      },
    ]);
    await client.stop();
  });

  it('are flat for clients that know no hierarchy', async () => {
    const client = await TestClient.start({ capabilities: {} });
    const uri = await client.open('Ada and Berlin.\n');
    expect(
      await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } }),
    ).toEqual([
      { name: 'Ada', kind: 13, containerName: 'Person', location: { uri, range: range(0, 0, 3) } },
      { name: 'Berlin', kind: 14, containerName: 'Location', location: { uri, range: range(0, 8, 14) } },
    ]);
    await client.stop();
  });
});

describe('mentions', () => {
  it('are highlighted and referenced', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada and Berlin.\n\nThen Ada went.\n');
    const at = { textDocument: { uri }, position: position(0, 3) };
    const mentions = [range(0, 0, 3), range(2, 5, 8)];
    expect(await client.connection.sendRequest(DocumentHighlightRequest.type, at)).toEqual(
      mentions.map((mention) => ({ range: mention, kind: 1 })),
    );
    const ask = (includeDeclaration: boolean) =>
      client.connection.sendRequest(ReferencesRequest.type, { ...at, context: { includeDeclaration } });
    expect(await ask(true)).toEqual(mentions.map((mention) => ({ uri, range: mention })));
    expect(await ask(false)).toEqual([{ uri, range: mentions[1] }]);
    await client.stop();
  });
});

describe('semantic tokens', () => {
  const capabilities = {
    ...richCapabilities,
    textDocument: {
      semanticTokens: { requests: {}, tokenTypes: [], tokenModifiers: [], formats: [] },
    },
  };

  it('carry the entities, for the whole document and for a range', async () => {
    const client = await TestClient.start({ capabilities, initializationOptions: {} });
    const uri = await client.open('Ada and Berlin.\n\nThen Ada went.\n');
    expect(client.initializeResult.capabilities.semanticTokensProvider).toMatchObject({
      legend: { tokenTypes: ['person', 'organization', 'location', 'miscellaneous', 'entity'] },
    });
    expect(
      await client.connection.sendRequest(SemanticTokensRequest.type, { textDocument: { uri } }),
    ).toEqual({
      data: [0, 0, 3, 0, 0, 0, 8, 6, 2, 0, 2, 5, 3, 0, 0],
    });
    expect(
      await client.connection.sendRequest(SemanticTokensRangeRequest.type, {
        textDocument: { uri },
        range: { start: position(1, 0), end: position(3, 0) },
      }),
    ).toEqual({ data: [2, 5, 3, 0, 0] });
    await client.stop();
  });

  it('are not offered to a client that shows entities itself', async () => {
    const client = await TestClient.start({ capabilities });
    expect(client.initializeResult.capabilities.semanticTokensProvider).toBeUndefined();
    await client.stop();
  });
});

describe('inspect tokens', () => {
  it('tells what the models see in the sentence at the cursor', async () => {
    const client = await TestClient.start();
    const uri = await client.open('First one.\n\n**Ada** é.\n\n```\ncode\n```\n');
    const inspect = (line: number) =>
      client.connection.sendRequest(InspectTokensRequest.type, {
        textDocument: { uri },
        position: position(line, 3),
      });
    const token = { word: 0, isSpecial: false, isUnknown: false };
    const outside = [{ label: 'O', score: 0.9 }];
    expect(await inspect(2)).toEqual({
      sentence: 'Ada é.',
      models: [
        {
          model: 'subtext-base',
          tasks: ['entities', 'sentiment', 'fillMask'],
          tokens: [
            { ...token, id: 1, token: 'Ada', start: 0, end: 3, labels: [{ label: 'B-PER', score: 0.9 }] },
            { ...token, id: 2, token: 'é', start: 4, end: 5, word: 1, isUnknown: true, labels: outside },
            { ...token, id: 3, token: '.', start: 5, end: 6, word: 2, labels: outside },
          ],
          windows: [{ start: 0, end: 3 }],
          sentiment: [
            { label: 'negative', score: 0.1 },
            { label: 'neutral', score: 0.8 },
            { label: 'positive', score: 0.1 },
          ],
        },
      ],
    });
    await expect(inspect(5)).rejects.toThrow('There is no prose here.');
    await client.stop();
  });
});

describe('analyze document', () => {
  it('answers for documents that are not analysed by themselves, when all is done', async () => {
    const client = await TestClient.start({ settings: { enabled: false } });
    const uri = await client.open('Ada is lovely.\n\nAda in Berlin.\n\nIt was terrible.\n');
    const analyze = (target: string) =>
      client.connection.sendRequest(AnalyzeDocumentRequest.type, { textDocument: { uri: target } });
    expect(await analyze(uri)).toEqual({
      version: 1,
      sentences: 3,
      entities: { PER: 2, LOC: 1 },
      sentiment: { negative: 1, neutral: 1, positive: 1 },
    });
    await expect(analyze('file:///unknown.md')).rejects.toThrow('This document is not open in Subtext.');
    await client.stop();
  });

  it('answers for a document over the size limit when all of it is done', async () => {
    const client = await TestClient.start({ settings: { limits: { documentCharacters: 1_000 } } });
    const paragraphs = Array.from({ length: 3_000 }, (_, i) => `Ada wrote **letter** number ${i} in Berlin.`);
    const uri = await client.open(paragraphs.join('\n\n'));
    expect(client.states.at(-1)).toMatchObject({ status: 'skipped', reason: 'tooLarge' });
    expect(
      await client.connection.sendRequest(AnalyzeDocumentRequest.type, { textDocument: { uri } }),
    ).toEqual({
      version: 1,
      sentences: 3_000,
      entities: { PER: 3_000, LOC: 3_000 },
      sentiment: { negative: 0, neutral: 3_000, positive: 0 },
    });
    await client.stop();
  });

  it('says when sentences could not be analysed', async () => {
    const client = await TestClient.start();
    const uri = await client.open('This is poison.\n');
    await expect(
      client.connection.sendRequest(AnalyzeDocumentRequest.type, { textDocument: { uri } }),
    ).rejects.toThrow('1 of 1 sentences could not be analyzed.');
    await client.stop();
  });
});

describe('the engine', () => {
  it('tells its state, and is restarted on request', async () => {
    const client = await TestClient.start();
    const states: unknown[] = [];
    client.connection.onNotification(EngineStateNotification.type, (state) => {
      states.push(state);
    });
    const uri = await client.open('This is poison.\n');
    const requests = client.engine.requests.length;
    await client.connection.sendRequest(RestartEngineRequest.type);
    // What it gave up on is tried again.
    await client.until(() => (client.engine.requests.length > requests ? true : undefined));
    const fake = { model: 'subtext-base', tasks: ['entities', 'sentiment', 'fillMask'] };
    expect(states).toEqual([
      { ...fake, status: 'idle' },
      { ...fake, status: 'ready', device: 'cpu' },
      { ...fake, status: 'starting', device: 'cpu' },
      { ...fake, status: 'ready', device: 'cpu' },
    ]);
    await client.complete(uri, 1);
    await client.stop();
  });
});
