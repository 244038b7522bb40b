import { describe, expect, it } from 'vitest';
import { ViewNotification } from '../../server/src/protocol/protocol';
import { change, TestClient } from './testClient';

const entity = (start: number, end: number, type: string, score = 0.9) => ({ start, end, type, score });

describe('entities', () => {
  it('cover the whole document, with its version, when it was opened', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada went to **Berlin**.\n\nAda is `Ada`.\n');
    expect(client.entities.at(-1)?.version).toBe(1);
    expect(flatten(client)).toEqual([entity(0, 3, 'PER'), entity(14, 20, 'LOC'), entity(25, 28, 'PER')]);
    expect(client.states.at(-1)).toEqual({ uri, version: 1, status: 'complete', analyzed: 2, total: 2 });
    await client.stop();
  });

  it('are sent again only for the block that was touched', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is here.\n\nBerlin is there.\n\nAda again.\n');
    client.entities.length = 0;
    await client.edit(uri, 2, change(2, 16, 2, 16, ' Ada too.'));
    await client.complete(uri, 2);
    expect(client.engine.requests.flat().filter((text) => text === 'Ada is here.')).toHaveLength(1);
    const regions = client.entities.flatMap(({ version, regions: sent }) =>
      sent.map((region) => ({ version, ...region })),
    );
    expect(regions.every(({ version, start, end }) => version === 2 && start >= 12 && end <= 41)).toBe(true);
    expect(regions.flatMap(({ entities }) => entities)).toEqual([
      entity(14, 20, 'LOC'),
      entity(31, 34, 'PER'),
    ]);
    await client.stop();
  });

  it('have exact offsets behind emoji, in Chinese, in Arabic and with CRLF', async () => {
    const client = await TestClient.start();
    const text = '👩‍👩‍👧 Ada 🇩🇪\r\n\r\n我爱巴黎。\r\n\r\nزرت باريس أمس.\r\n';
    await client.open(text);
    expect(flatten(client).map(({ start, end }) => text.slice(start, end))).toEqual(['Ada', '巴黎', 'باريس']);
    await client.stop();
  });

  it('stay as they were while an answer is late, and come for the latest version', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is here.\n');
    client.engine.isHeld = true;
    client.entities.length = 0;
    await client.edit(uri, 2, change(0, 0, 0, 0, 'x'));
    await client.edit(uri, 3, change(0, 0, 0, 1, ''), change(0, 3, 0, 3, ' Berlin'));
    await client.until(() => client.entities.find(({ version }) => version === 3));
    // Only what is known to hold nothing was sent: the line's end.
    expect(flatten(client)).toEqual([]);
    expect(client.entities.flatMap(({ regions }) => regions).every(({ start }) => start >= 12)).toBe(true);
    client.engine.isHeld = false;
    client.engine.release();
    await client.complete(uri, 3);
    expect(client.entities.at(-1)).toEqual({
      uri,
      version: 3,
      regions: [{ start: 0, end: 19, entities: [entity(0, 3, 'PER'), entity(4, 10, 'LOC')] }],
    });
    await client.stop();
  });

  it('follow the threshold and the switch without a new inference', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada is here.\n\nBerlin maybe.\n');
    expect(flatten(client)).toEqual([entity(0, 3, 'PER')]);
    const requests = client.engine.requests.length;
    client.entities.length = 0;
    await client.changeSettings({ entities: { threshold: 0.4 } });
    await client.until(() => client.entities.at(-1));
    expect(flatten(client)).toEqual([entity(0, 3, 'PER'), entity(14, 20, 'LOC', 0.5)]);
    client.entities.length = 0;
    await client.changeSettings({ 'entities.enabled': false });
    await client.until(() => client.entities.at(-1));
    expect(client.entities).toEqual([{ uri, version: 1, regions: [{ start: 0, end: 28, entities: [] }] }]);
    expect(client.engine.requests).toHaveLength(requests);
    await client.stop();
  });

  it('are inferred anew with another aggregation strategy', async () => {
    const client = await TestClient.start();
    await client.open('Ada is here.\n');
    client.states.length = 0;
    await client.changeSettings({ entities: { aggregation: 'simple' } });
    await client.until(() => client.engine.requests.length === 2 || undefined);
    expect(client.engine.requests).toEqual([['Ada is here.'], ['Ada is here.']]);
    await client.stop();
  });

  it('are not sent to clients that do not ask for them', async () => {
    const client = await TestClient.start({ initializationOptions: {} });
    await client.open('Ada is here.\n');
    expect(client.entities).toEqual([]);
    await client.stop();
  });

  it('find prose in code as the settings say', async () => {
    const languages = ['typescript'];
    const client = await TestClient.start({ settings: { languages } });
    const text = "// Ada was here.\nconst city = 'Ada lives in Berlin.';\n";
    await client.open(text, { uri: 'file:///a.ts', languageId: 'typescript' });
    const types = () => client.entities.flatMap(({ regions }) => regions.flatMap(({ entities }) => entities));
    expect(types().map(({ type, start }) => [type, start])).toEqual([['PER', 3]]);
    client.entities.length = 0;
    client.states.length = 0;
    await client.changeSettings({ languages, prose: { strings: true } });
    await client.complete('file:///a.ts', 1);
    expect(types().map(({ type, start }) => [type, start])).toEqual([
      ['PER', 3],
      ['PER', 31],
      ['LOC', 44],
    ]);
    await client.stop();
  });
});

describe('order of work', () => {
  it('puts the cursor first, then what is visible, then the active document', async () => {
    const client = await TestClient.start();
    client.engine.isHeld = true;
    // Bulk work takes the shortest first, so that these two come last of their own accord.
    const seen =
      'This sentence can be seen, and it is longer than all the sentences that fill this document.';
    const cursor = seen.replace('can be seen', 'has the cursor');
    const filler = Array.from({ length: 2_000 }, (_, i) => `Filler sentence ${i}.`);
    const text = [...filler, seen, cursor].join('\n\n');
    const uri = await client.open(text);
    await client.until(() => client.engine.requests[1]);
    await client.connection.sendNotification(ViewNotification.type, {
      uri,
      version: 1,
      active: true,
      visible: [{ start: text.indexOf(seen), end: text.indexOf(cursor) - 2 }],
      cursor: text.indexOf(cursor),
    });
    expect(await client.until(() => client.engine.requests[2])).toEqual([cursor]);
    client.engine.release(2);
    expect(await client.until(() => client.engine.requests[3])).toEqual([seen]);
    client.engine.isHeld = false;
    client.engine.release();
    await client.complete(uri, 1);
    await client.stop();
  });
});

describe('documents that are not analysed', () => {
  it.each([
    ['tooLarge', { limits: { documentCharacters: 1_000 } }, 'Ada. '.repeat(300), 'markdown'],
    ['disabled', { enabled: false }, 'Ada.', 'markdown'],
    ['unsupportedLanguage', {}, 'Ada.', 'csv'],
    ['unsupportedLanguage', { prose: { comments: false } }, '# Ada.', 'python'],
    ['binary', {}, 'Ada.\0\u0001', 'plaintext'],
  ])('say why: %s', async (reason, settings, text, languageId) => {
    const client = await TestClient.start({ settings });
    const uri = await client.open(text, { languageId });
    expect(client.states).toEqual([{ uri, version: 1, status: 'skipped', analyzed: 0, total: 0, reason }]);
    expect(flatten(client)).toEqual([]);
    expect(client.engine.requests).toEqual([]);
    await client.stop();
  });

  it('are analysed as soon as the setting allows it', async () => {
    const client = await TestClient.start({ settings: { enabled: false } });
    const uri = await client.open('Ada.');
    client.states.length = 0;
    await client.changeSettings({ enabled: true });
    await client.until(() => client.states.find(({ status }) => status === 'complete'));
    expect(flatten(client)).toEqual([entity(0, 3, 'PER')]);
    expect(client.states.at(-1)?.uri).toBe(uri);
    await client.stop();
  });

  it('may be cells of a notebook that a rule ignores', async () => {
    const client = await TestClient.start({ settings: { ignore: { files: ['*.ipynb'] } } });
    const open = (name: string) => client.open('Ada.', { uri: `vscode-notebook-cell:/a%20b/${name}#W0s` });
    const [ignored, other] = [await open('c.ipynb'), await open('c.nb')];
    expect(client.states.map(({ uri, status, reason }) => [uri, status, reason])).toEqual([
      [ignored, 'skipped', 'ignored'],
      [other, 'complete', undefined],
    ]);
    await client.stop();
  });

  it('may be empty', async () => {
    const client = await TestClient.start();
    const uri = await client.open('');
    expect(client.states).toEqual([{ uri, version: 1, status: 'complete', analyzed: 0, total: 0 }]);
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    await client.stop();
  });
});

describe('a large document', () => {
  it('gets no diagnostics at the places of an older text while its layout is behind', async () => {
    const client = await TestClient.start();
    const terrible = (from: number) =>
      Array.from({ length: 500 }, (_, i) => `It was terrible number ${from + i}.`).join('\n\n');
    client.engine.isHeld = true;
    const uri = await client.open(terrible(0));
    await client.until(() => client.engine.requests[1]);
    // Results of a part make the server set a timer for diagnostics.
    client.engine.release(1);
    await client.until(() => client.engine.requests[2]);
    // It fires when a larger text has come and its layout is being taken over.
    client.onPause = () => client.clock.advance(1_000);
    await client.edit(uri, 2, change(0, 0, 0, 0, `${terrible(500)}\n\n`));
    await client.until(() => client.entities.find(({ version }) => version === 2));
    client.engine.isHeld = false;
    client.engine.release();
    await client.complete(uri, 2);
    expect(client.diagnostics.map(({ version }) => version)).not.toContain(1);
    expect(client.lastDiagnostics(uri)?.diagnostics).toHaveLength(100);
    await client.stop();
  });
});

describe('a sentence that the engine gives up on', () => {
  it('leaves the rest of the document complete', async () => {
    const client = await TestClient.start();
    const uri = await client.open('This is poison.\n');
    expect(client.states.at(-1)).toEqual({ uri, version: 1, status: 'complete', analyzed: 0, total: 1 });
    await client.stop();
  });
});

/** All entities that were sent and not noted away, in order. */
const flatten = (client: TestClient) =>
  client.entities
    .flatMap(({ regions }) => regions.flatMap(({ entities }) => entities))
    .sort((a, b) => a.start - b.start);
