import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
} from 'vscode-languageserver-protocol/node';
import { RestartEngineRequest } from '../../server/src/protocol/protocol';
import { EditorModel, showAfresh } from './editorModel';
import { change, TestClient } from './testClient';

const close = (client: TestClient, uri: string) =>
  client.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });

const text = 'Ada is here.\n\n```\nAda\n```\n\nBerlin is terrible.\n';

/** Stretches of the text that are marked at last, by the notifications of one version. */
const marked = (client: TestClient, uri: string, version: number) =>
  client.entities
    .filter((params) => params.uri === uri && params.version === version)
    .flatMap(({ regions }) => regions.flatMap(({ entities }) => entities.map(({ start }) => start)));

describe('a document that is closed in the middle of its analysis', () => {
  it('is not heard of again, and leaves no timer', async () => {
    const client = await TestClient.start();
    await client.open('One.\n', { uri: 'file:///other.md' });
    const timers = client.clock.pending;
    client.engine.isHeld = true;
    const uri = await client.open(text);
    await client.until(() => client.engine.requests[1]);
    await close(client, uri);
    await client.roundTrip();
    const told = [client.entities.length, client.states.length];
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    client.engine.release();
    await client.roundTrip();
    client.clock.advance(1_000);
    await client.roundTrip();
    expect([client.entities.length, client.states.length]).toEqual(told);
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    expect(client.clock.pending).toBe(timers);
    await client.stop();
  });

  it('is analysed as what it is when it is opened again', async () => {
    const client = await TestClient.start();
    client.engine.isHeld = true;
    const uri = await client.open(text);
    await client.until(() => client.engine.requests[0]);
    await close(client, uri);
    client.engine.isHeld = false;
    const editor = await EditorModel.open(client, 'Berlin, not Ada.\n');
    client.engine.release();
    await editor.settle();
    expect(editor.shown()).toEqual(await showAfresh('Berlin, not Ada.\n'));
    await client.stop();
  });

  it('ends a request for all of it', async () => {
    const client = await TestClient.start();
    client.engine.isHeld = true;
    const uri = await client.open(text);
    const answer = client.connection
      .sendRequest('subtext/analyzeDocument', { textDocument: { uri } })
      .catch((error: Error) => error);
    await client.until(() => client.engine.requests[0]);
    await close(client, uri);
    expect(await answer).toBeDefined();
    await client.stop();
  });
});

describe('a document', () => {
  it('of another name is not inferred again', async () => {
    const client = await TestClient.start();
    const uri = await client.open(text);
    const asked = client.engine.requests.length;
    await close(client, uri);
    const renamed = await client.open(text, { uri: 'file:///renamed.md' });
    expect(client.engine.requests.length).toBe(asked);
    expect(marked(client, renamed, 1)).toEqual([text.indexOf('Ada'), text.indexOf('Berlin')]);
    await client.stop();
  });

  it.each([true, false])('in another language is read in its way (engine held: %s)', async (isHeld) => {
    const client = await TestClient.start();
    client.engine.isHeld = isHeld;
    const uri = await client.open(text);
    await close(client, uri);
    await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'plaintext', version: 2, text },
    });
    client.engine.isHeld = false;
    client.engine.release();
    await client.complete(uri, 2);
    const names = [...text.matchAll(/Ada|Berlin/gu)].map(({ index }) => index);
    expect(marked(client, uri, 2).sort((a, b) => a - b)).toEqual(names);
    await client.stop();
  });

  it('in two windows is the business of each', async () => {
    const clients = [await TestClient.start(), await TestClient.start()];
    const editors = await Promise.all(clients.map((client) => EditorModel.open(client, text)));
    await editors[0]?.edit({ start: 0, end: 3, text: 'Bob' });
    // The other one sees the file change on disk.
    await editors[1]?.replaceAll(text.replace('Ada', 'Bob'));
    for (const editor of editors) {
      await editor.settle();
      expect(editor.shown()).toEqual(await showAfresh(text.replace('Ada', 'Bob')));
      await editor.client.stop();
    }
  });
});

describe('settings', () => {
  /** Lets the test answer questions for settings in its own order. */
  const holdSettings = (client: TestClient) => {
    const held: (() => void)[] = [];
    client.beforeSettings = () => new Promise((resolve) => held.push(resolve));
    return held;
  };

  it('that change while a document is being opened count for it', async () => {
    const client = await TestClient.start({ settings: { entities: { enabled: false } } });
    await client.roundTrip();
    const held = holdSettings(client);
    client.engine.isHeld = true;
    const uri = await client.open(text);
    await client.roundTrip();
    client.engine.isHeld = false;
    client.beforeSettings = async () => {};
    await client.changeSettings({ entities: { enabled: true } });
    await client.roundTrip();
    await client.roundTrip();
    // The settings from before come last.
    for (const answer of held) answer();
    await client.complete(uri, 1);
    await client.until(() => (marked(client, uri, 1).length > 0 ? true : undefined));
    await client.stop();
  });

  it('count in the order of their changes, whatever the order of the answers', async () => {
    const client = await TestClient.start();
    const uri = await client.open('maybe Ada.\n');
    const held = holdSettings(client);
    await client.changeSettings({ entities: { threshold: 0.1 } });
    await client.roundTrip();
    const first = held.splice(0);
    await client.changeSettings({ entities: { threshold: 0.99 } });
    await client.roundTrip();
    const hidden = client.entities.length;
    client.beforeSettings = async () => {};
    for (const answer of held) answer();
    await client.roundTrip();
    for (const answer of first) answer();
    await client.roundTrip();
    await client.roundTrip();
    const last = client.entities.slice(hidden).findLast((params) => params.uri === uri);
    expect(last?.regions.flatMap(({ entities }) => entities) ?? []).toEqual([]);
    await client.stop();
  });
});

/** Everything that may happen beside edits. */
const events = {
  threshold: (client) => client.changeSettings({ entities: { threshold: 0.95 } }),
  aggregation: (client) => client.changeSettings({ entities: { aggregation: 'max' } }),
  off: (client) => client.changeSettings({ enabled: false }),
  saving: (client) => client.changeSettings({ run: 'onSave' }),
  restart: (client) => client.connection.sendRequest(RestartEngineRequest.type),
  answer: async (client) => {
    client.engine.release();
    await client.roundTrip();
  },
} satisfies Record<string, (client: TestClient) => Promise<void>>;

const step = fc.oneof(
  fc.constantFrom(...(Object.keys(events) as (keyof typeof events)[])),
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(8),
    insert: fc.constantFrom('Ada ', 'Berlin', '. ', '\n\n', '```\n', '😀', 'terrible '),
  }),
);

it('settings that change and models that restart while one types leave what a fresh analysis gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const client = await TestClient.start();
      client.engine.isHeld = true;
      const editor = await EditorModel.open(client, text);
      for (const next of steps) {
        if (typeof next === 'string') {
          await events[next](client);
          continue;
        }
        const start = Math.floor(next.at * editor.text.length);
        const end = Math.min(editor.text.length, start + next.remove);
        await editor.edit({ start, end, text: next.insert });
      }
      client.engine.isHeld = false;
      client.engine.release();
      await client.changeSettings({});
      await editor.settle();
      const fresh = await showAfresh(editor.text);
      // The settings are asked for, and then what they change is told.
      for (let turns = 0; turns < 50 && !isDeepStrictEqual(editor.shown(), fresh); turns++) {
        await client.roundTrip();
        editor.receive();
      }
      expect(editor.shown()).toEqual(fresh);
      await client.stop();
    }),
    { numRuns: 100 },
  );
});

describe('an idle server', () => {
  it('has no timer but the one that unloads models', async () => {
    const client = await TestClient.start();
    const uri = await client.open(text);
    await client.edit(uri, 2, change(0, 0, 0, 0, 'Then '));
    await client.complete(uri, 2);
    client.clock.advance(1_000);
    await client.roundTrip();
    const unloading = client.clock.pending;
    expect(unloading).toBeLessThanOrEqual(1);
    client.clock.advance(24 * 60 * 60 * 1_000);
    expect(client.clock.pending).toBe(0);
    await client.stop();
  });
});
