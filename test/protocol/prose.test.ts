import { expect, it } from 'vitest';
import { ProseRequest } from '../../server/src/protocol/prose';
import { fakeModel } from '../support/fakeEngine';
import { TestClient } from './testClient';

const all = { start: 0, end: 1_000 };
const text = `# Ada

> See **Bob** in [Berlin](http://a.example) or \`code()\`
> now. It rains.

It was terrible. <!-- subtext:ignore-line -->
`;

/** What of a text the models read, sentence by sentence. */
const read = (
  source: string,
  { start, end, gaps }: { start: number; end: number; gaps: readonly { start: number; end: number }[] },
) =>
  [...gaps, { start: end, end }]
    .reduce(({ parts, from }, gap) => ({ parts: [...parts, source.slice(from, gap.start)], from: gap.end }), {
      parts: [] as string[],
      from: start,
    })
    .parts.filter((part) => part !== '');

it('tells the sentences, what no model sees of them, and what is ignored', async () => {
  const client = await TestClient.start();
  const uri = await client.open(text);
  const result = await client.connection.sendRequest(ProseRequest.type, {
    textDocument: { uri, version: 1 },
    span: all,
  });
  expect(result?.sentences.map((one) => [one.state, one.index, read(text, one)])).toEqual([
    ['analyzed', 0, ['Ada']],
    ['analyzed', 0, ['See ', 'Bob', ' in ', 'Berlin', ' or ', '\n', 'now.']],
    ['analyzed', 1, ['It rains.']],
    ['ignored', 0, ['It was terrible.']],
  ]);
  expect(result?.counts).toEqual({ analyzed: 3, pending: 0, ignored: 1, leftOut: 0 });
  await client.stop();
});

it('tells what is not known yet', async () => {
  const client = await TestClient.start({ settings: { run: 'manual' } });
  const uri = await client.open('Ada went. It rained.\n');
  const ask = (start: number, end: number, version = 1) =>
    client.connection.sendRequest(ProseRequest.type, {
      textDocument: { uri, version },
      span: { start, end },
    });
  expect(await ask(0, 4)).toEqual({
    sentences: [{ start: 0, end: 9, state: 'pending', index: 0, gaps: [] }],
    counts: { analyzed: 0, pending: 2, ignored: 0, leftOut: 0 },
  });
  expect(await ask(0, 4, 7)).toBeNull();
  await client.stop();
});

it('says why a document is not analysed, and nothing of one that is not open', async () => {
  const client = await TestClient.start();
  const uri = await client.open('Ada went.\n<!-- subtext:ignore-file -->\n');
  const ask = (target: string) =>
    client.connection.sendRequest(ProseRequest.type, {
      textDocument: { uri: target, version: 1 },
      span: all,
    });
  expect(await ask(uri)).toEqual({
    sentences: [],
    counts: { analyzed: 0, pending: 0, ignored: 0, leftOut: 0 },
    skipped: 'ignored',
  });
  expect(await ask('file:///unknown.md')).toBeNull();
  await client.stop();
});

it('tells what is left out since no model knows its language', async () => {
  const choosy = { ...fakeModel, id: 'choosy', languages: ['en'] };
  const settings = { models: { entities: 'choosy', sentiment: 'choosy' } };
  const client = await TestClient.start({ settings, models: [choosy] });
  const uri = await client.open(
    'Ada went to Berlin in the early morning.\n\nAda matkusti aamulla Berlin kaupunkiin katsomaan taloja ja puistoja.\n',
  );
  const result = await client.connection.sendRequest(ProseRequest.type, {
    textDocument: { uri, version: 1 },
    span: all,
  });
  expect(result?.sentences.map(({ state }) => state)).toEqual(['analyzed', 'leftOut']);
  expect(result?.counts).toEqual({ analyzed: 1, pending: 0, ignored: 0, leftOut: 1 });
  await client.stop();
});
