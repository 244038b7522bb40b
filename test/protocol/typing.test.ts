import { describe, expect, it } from 'vitest';
import { DidSaveTextDocumentNotification } from 'vscode-languageserver-protocol/node';
import { EntityStore } from '../../client/src/entities/entityStore';
import type { TextEdit } from '../../server/src/core/text/prose';
import { AnalyzeDocumentRequest, ViewNotification } from '../../server/src/protocol/protocol';
import { change, TestClient } from './testClient';

const clientMarks = (client: TestClient, edits: readonly (readonly TextEdit[])[] = []) => {
  const store = new EntityStore(1);
  const apply = (version: number) => {
    for (const params of client.entities) if (params.version === version) store.apply(params);
  };
  apply(1);
  edits.forEach((edit, index) => {
    store.edit(index + 2, edit);
    apply(index + 2);
  });
  return store.marks.map(({ start, end }) => [start, end]);
};
const save = (client: TestClient, uri: string) =>
  client.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri } });
const analyzeDocument = (client: TestClient, uri: string) =>
  client.connection.sendRequest(AnalyzeDocumentRequest.type, { textDocument: { uri } });
const moveCursor = (client: TestClient, uri: string, version: number, cursor: number) =>
  client.connection.sendNotification(ViewNotification.type, {
    uri,
    version,
    active: true,
    visible: [{ start: 0, end: 100 }],
    cursor,
  });
/** What the engine was asked, after all that was sent has been handled. */
const asked = async (client: TestClient): Promise<string[]> => {
  await client.roundTrip();
  return client.engine.requests.splice(0).flat();
};

describe('a word that is being typed', () => {
  const start = async (text: string) => {
    const client = await TestClient.start();
    const uri = await client.open(text);
    await asked(client);
    return { client, uri };
  };

  it('is judged when a separator follows', async () => {
    const { client, uri } = await start('She met Ad\n\nBerlin.\n');
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    expect(await asked(client)).toEqual([]);
    await client.edit(uri, 3, change(0, 11, 0, 11, 'x'));
    await client.edit(uri, 4, change(0, 11, 0, 12, ''));
    expect(await asked(client)).toEqual([]);
    await client.edit(uri, 5, change(0, 11, 0, 11, ' '));
    await client.complete(uri, 5);
    expect(await asked(client)).toEqual(['She met Ada']);
    await client.stop();
  });

  it('is judged when the cursor leaves it, told of the same text', async () => {
    const { client, uri } = await start('She met Ad in Berlin.\n');
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    await moveCursor(client, uri, 1, 0);
    await moveCursor(client, uri, 2, 11);
    await moveCursor(client, uri, 2, 8);
    expect(await asked(client)).toEqual([]);
    await moveCursor(client, uri, 2, 7);
    await client.complete(uri, 2);
    expect(await asked(client)).toEqual(['She met Ada in Berlin.']);
    await client.stop();
  });

  it('is judged after a pause, also where no spaces divide words', async () => {
    const { client, uri } = await start('我爱巴\n');
    await client.edit(uri, 2, change(0, 3, 0, 3, '黎'));
    await client.roundTrip();
    client.clock.advance(700);
    await client.edit(uri, 3, change(0, 4, 0, 4, '和'));
    await client.roundTrip();
    client.clock.advance(700);
    expect(await asked(client)).toEqual([]);
    client.clock.advance(100);
    await client.complete(uri, 3);
    expect(await asked(client)).toEqual(['我爱巴黎和']);
    await client.stop();
  });

  it('is judged when the next one is typed elsewhere, or the document is saved', async () => {
    const { client, uri } = await start('Ad is here.\n\nBerli is there.\n');
    await client.edit(uri, 2, change(0, 2, 0, 2, 'a'));
    await client.edit(uri, 3, change(2, 5, 2, 5, 'n'));
    expect(await asked(client)).toEqual(['Ada is here.']);
    await save(client, uri);
    await client.complete(uri, 3);
    expect(await asked(client)).toEqual(['Berlin is there.']);
    await client.stop();
  });

  it('keeps the marks of its sentence, moved, until the answer is there', async () => {
    const { client, uri } = await start('Met Ada in Berlin.\n');
    const edits = [[{ start: 7, end: 7, text: 'm' }], [{ start: 8, end: 8, text: ' ' }]];
    await client.edit(uri, 2, change(0, 7, 0, 7, 'm'));
    await client.roundTrip();
    expect(clientMarks(client, edits.slice(0, 1))).toEqual([
      [4, 7],
      [12, 18],
    ]);
    client.engine.analyzeSentence = () => ({ mentions: [], sentiment: [0, 1, 0] });
    await client.edit(uri, 3, change(0, 8, 0, 8, ' '));
    await client.complete(uri, 3);
    expect(clientMarks(client, edits)).toEqual([]);
    await client.stop();
  });

  it('is no reason to say that something is being done', async () => {
    const { client, uri } = await start('She met Ad in Berlin.\n');
    const told = client.states.length;
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    await client.roundTrip();
    client.clock.advance(500);
    await client.roundTrip();
    expect(client.states.length).toBe(told);
    await client.edit(uri, 3, change(0, 11, 0, 11, ' '));
    await client.complete(uri, 3);
    expect(client.states.slice(told).map(({ status }) => status)).toEqual(['complete']);
    await client.stop();
  });

  it('does not keep a hover or a command waiting', async () => {
    const { client, uri } = await start('She met Ad.\n');
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    const hover = await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 9 },
    });
    expect(JSON.stringify(hover)).toContain('Ada');
    await client.edit(uri, 3, change(0, 11, 0, 11, 'm'));
    expect(await analyzeDocument(client, uri)).toMatchObject({ version: 3, sentences: 1 });
    await client.stop();
  });

  it('is judged at once where the user wants that', async () => {
    const client = await TestClient.start({ settings: { typing: { waitForWord: false } } });
    const uri = await client.open('She met Ad\n');
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    await client.complete(uri, 2);
    expect(client.engine.requests.at(-1)).toEqual(['She met Ada']);
    await client.stop();
  });

  it('leaves no timer when the document is closed', async () => {
    const { client, uri } = await start('She met Ad\n');
    const timers = client.clock.pending;
    await client.edit(uri, 2, change(0, 10, 0, 10, 'a'));
    await client.roundTrip();
    expect(client.clock.pending).toBeGreaterThan(timers);
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await client.roundTrip();
    expect(client.clock.pending).toBe(timers);
    await client.stop();
  });
});

describe('run: onSave', () => {
  it('analyses at opening and saving, and tells what waits in between', async () => {
    const client = await TestClient.start({ settings: { run: 'onSave' } });
    const uri = await client.open('Ada is here.\n\nBerlin is there.\n');
    expect(await asked(client)).toEqual(['Ada is here.', 'Berlin is there.']);
    await client.edit(uri, 2, change(0, 11, 0, 11, ', not Ada'));
    await client.edit(uri, 3, change(0, 0, 0, 0, 'Now '));
    client.clock.advance(10_000);
    expect(await asked(client)).toEqual([]);
    expect(client.states.at(-1)).toEqual({
      uri,
      version: 3,
      status: 'waiting',
      analyzed: 1,
      total: 2,
      awaits: 'save',
    });
    const edits = [[{ start: 11, end: 11, text: ', not Ada' }], [{ start: 0, end: 0, text: 'Now ' }]];
    expect(clientMarks(client, edits)).toEqual([
      [4, 7],
      [27, 33],
    ]);
    await save(client, uri);
    await client.until(() =>
      client.states.find(({ status, version }) => status === 'complete' && version === 3),
    );
    expect(await asked(client)).toEqual(['Now Ada is here, not Ada.']);
    await client.stop();
  });

  it('asks nothing anew for what an undo brings back', async () => {
    const client = await TestClient.start({ settings: { run: 'onSave' } });
    const uri = await client.open('Ada is here.\n');
    await client.edit(uri, 2, change(0, 0, 0, 3, 'Bob'));
    await client.edit(uri, 3, change(0, 0, 0, 3, 'Ada'));
    await client.complete(uri, 3);
    expect(client.states.at(-1)?.status).toBe('complete');
    expect(client.engine.requests).toHaveLength(1);
    await client.stop();
  });

  it('gives way to another way of running at once', async () => {
    const client = await TestClient.start({ settings: { run: 'onSave' } });
    const uri = await client.open('Ada is here.\n');
    await client.edit(uri, 2, change(0, 0, 0, 3, 'Bob'));
    await client.complete(uri, 2);
    await client.changeSettings({ run: 'onType' });
    await client.until(() =>
      client.states.find(({ status, version }) => status === 'complete' && version === 2),
    );
    expect(client.engine.requests.at(-1)).toEqual(['Bob is here.']);
    await client.stop();
  });
});

describe('run: manual', () => {
  it('analyses on request only, each time all of it', async () => {
    const client = await TestClient.start({ settings: { run: 'manual' } });
    const uri = await client.open('Ada is here.\n\nBerlin is there.\n');
    expect(client.states.at(-1)).toEqual({
      uri,
      version: 1,
      status: 'waiting',
      analyzed: 0,
      total: 2,
      awaits: 'request',
    });
    await save(client, uri);
    expect(await asked(client)).toEqual([]);
    expect(await analyzeDocument(client, uri)).toMatchObject({ sentences: 2, entities: { PER: 1, LOC: 1 } });
    expect(await asked(client)).toEqual(['Ada is here.', 'Berlin is there.']);
    await client.edit(uri, 2, change(0, 0, 0, 3, 'Bob'));
    await client.complete(uri, 2);
    expect(client.states.at(-1)).toMatchObject({ status: 'waiting', analyzed: 1 });
    expect(await asked(client)).toEqual([]);
    expect(await analyzeDocument(client, uri)).toMatchObject({ sentences: 2, entities: { LOC: 1 } });
    await client.stop();
  });

  it('takes in what is edited while the request is under way', async () => {
    const client = await TestClient.start({ settings: { run: 'manual' } });
    const uri = await client.open('Ada is here.\n');
    client.engine.isHeld = true;
    const answer = analyzeDocument(client, uri);
    await client.until(() => client.engine.requests[0]);
    await client.edit(uri, 2, change(0, 11, 0, 11, ' again'));
    await client.until(() => client.engine.requests[1]);
    client.engine.isHeld = false;
    client.engine.release();
    expect(await answer).toMatchObject({ version: 2, sentences: 1 });
    await client.stop();
  });
});
