import { describe, expect, it } from 'vitest';
import type { TextEdit } from '../../server/src/core/text/prose';
import { ViewNotification } from '../../server/src/protocol/protocol';
import { EditorModel, showAfresh } from './editorModel';
import { TestClient } from './testClient';

const start = async (text: string) => {
  const client = await TestClient.start();
  const editor = await EditorModel.open(client, text);
  client.engine.requests.length = 0;
  return { client, editor };
};

/** Waits for the end and compares with what an editor shows that saw only the result. Returns what was inferred. */
const settled = async (editor: EditorModel): Promise<string[]> => {
  await editor.settle();
  expect(editor.shown()).toEqual(await showAfresh(editor.text));
  const asked = editor.client.engine.requests.flat();
  await editor.client.stop();
  return asked;
};

/** Every occurrence replaced, in the order in which VS Code tells the changes: from the last to the first. */
const replaceEverywhere = (text: string, pattern: string, by: string): TextEdit[] =>
  [...text.matchAll(new RegExp(pattern, 'gu'))]
    .map(({ 0: match, index }) => ({ start: index, end: index + match.length, text: by }))
    .reverse();

const paragraphs = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${of(index)}\n\n`).join('');

describe('large edits leave what a fresh analysis gives', () => {
  it('undo: nothing is inferred again', async () => {
    const { client, editor } = await start('Ada is here.\n\nBerlin is terrible.\n');
    await editor.edit({ start: 0, end: editor.text.length, text: '' });
    await client.complete(editor.uri, 2);
    await editor.edit({ start: 0, end: 0, text: 'Ada is here.\n\nBerlin is terrible.\n' });
    expect(await settled(editor)).toEqual([]);
  });

  it('paste of 10,000 lines: each sentence is inferred once', async () => {
    const { editor } = await start('Ada is here.\n\nBerlin is there.\n');
    const lines = paragraphs(5_000, (index) => `Ada saw ${index % 1_000} towns, and it was terrible.`);
    await editor.edit({ start: 14, end: 14, text: lines });
    expect((await settled(editor)).sort()).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `Ada saw ${index} towns, and it was terrible.`).sort(),
    );
  });

  it('replace all, in one notification', async () => {
    const { editor } = await start(
      paragraphs(500, (index) => `Ada was in Berlin ${index % 3} times. Lovely.`),
    );
    await editor.edit(...replaceEverywhere(editor.text, 'Berlin', 'Ada 巴黎'));
    expect((await settled(editor)).sort()).toEqual(
      [0, 1, 2].map((index) => `Ada was in Ada 巴黎 ${index} times.`),
    );
  });

  it('several cursors', async () => {
    const { editor } = await start('? is here.\n\n? is there.\n\nBerlin is terrible.\n');
    for (const [old, by] of [
      ['\\?', 'A'],
      ['A(?= is)', 'Ad'],
      ['Ad(?= is)', 'Ada'],
    ] as const)
      await editor.edit(...replaceEverywhere(editor.text, old, by));
    expect(editor.text).toBe('Ada is here.\n\nAda is there.\n\nBerlin is terrible.\n');
    expect((await settled(editor)).slice(-2)).toEqual(['Ada is here.', 'Ada is there.']);
  });

  it('a formatter that sends the whole text: what it left alone is not inferred again', async () => {
    const { editor } = await start('Ada is here.   Berlin is there.\n\n\n\n* Terrible was it.\n');
    await editor.replaceAll('Ada is here. Berlin is there.\n\n- Terrible was it.\n- Lovely.\n');
    expect(await settled(editor)).toEqual(['Lovely.']);
  });

  it('another branch under the open file', async () => {
    const text = paragraphs(300, (index) => `Ada saw town ${index}.`);
    const { client, editor } = await start(text);
    client.engine.isHeld = true;
    await editor.edit({ start: 0, end: 3, text: 'Bob' });
    await editor.replaceAll(
      paragraphs(300, (index) => `Berlin ${index % 7} is big. Ada saw town ${index + 1}.`),
    );
    client.engine.isHeld = false;
    client.engine.release();
    const asked = await settled(editor);
    expect(asked.filter((sentence) => sentence.startsWith('Ada'))).toEqual(['Ada saw town 300.']);
  });

  it.each([
    ['\n', '\r\n'],
    ['\r\n', '\n'],
  ])('other line ends: nothing is inferred again', async (before, after) => {
    const text =
      '😀 Ada is here\nin 巴黎.\n\n> Berlin is\n> terrible.\n\n| Ada | b |\n|--|--|\n| c | Berlin |\n';
    const { editor } = await start(text.replaceAll('\n', before));
    await editor.replaceAll(text.replaceAll('\n', after));
    expect(await settled(editor)).toEqual([]);
  });
});

describe('a huge document', () => {
  const saw = paragraphs(10_000, (index) => `In year ${index} Ada saw it.`);
  const entitiesOf = (text: string) =>
    [...text.matchAll(/Ada/gu)].map(({ index }) => ({
      start: index,
      end: index + 3,
      type: 'PER',
      score: 0.9,
    }));

  it('shows its beginning before all of it is read', async () => {
    const client = await TestClient.start();
    const editor = await EditorModel.open(client, saw);
    const [first] = client.entities;
    expect(first?.version).toBe(1);
    expect(first?.regions.at(-1)?.end).toBeLessThan(8_192);
    expect(client.engine.requests[0]?.length).toBe(first?.regions.flatMap(({ entities }) => entities).length);
    editor.receive();
    expect(editor.shown().marks).toEqual(entitiesOf(saw));
    await client.stop();
  });

  it.each([1, 2, 3])('follows an edit that comes while it is read: after %i pauses', async (pauses) => {
    const client = await TestClient.start();
    client.engine.isHeld = true;
    const editor = await EditorModel.open(client, saw);
    let left = pauses;
    await new Promise<void>((resolve) => {
      client.onPause = () => {
        if (--left === 0) void editor.edit({ start: 3, end: 3, text: 'terrible Berlin ' }).then(resolve);
        // Answers come before and after.
        if (left === 1) client.engine.release();
      };
    });
    client.engine.isHeld = false;
    client.engine.release();
    await editor.settle();
    const by = 'terrible Berlin '.length;
    const berlin = { start: 12, end: 18, type: 'LOC', score: 0.9 };
    const moved = entitiesOf(saw).map((mark) => ({ ...mark, start: mark.start + by, end: mark.end + by }));
    expect(editor.shown().marks).toEqual([berlin, ...moved]);
    await client.stop();
  });

  it('is analysed first where it is seen after a jump to its end', async () => {
    const client = await TestClient.start();
    client.engine.isHeld = true;
    const text = paragraphs(20_000, (index) => `This is the sentence with the number ${index}.`);
    const editor = await EditorModel.open(client, text);
    await client.until(() => client.engine.requests[1]);
    const { requests } = client.engine;
    const before = requests.length;
    const end = text.indexOf('This is the sentence with the number 19990.');
    await client.connection.sendNotification(ViewNotification.type, {
      uri: editor.uri,
      version: 1,
      active: true,
      visible: [{ start: end, end: text.length }],
    });
    const next = await client.until(() => requests[before]);
    expect(next).toEqual(
      Array.from({ length: 10 }, (_, index) => `This is the sentence with the number ${19_990 + index}.`),
    );
    client.engine.isHeld = false;
    client.engine.release();
    await client.complete(editor.uri, 1);
    await client.stop();
  });
});
