import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CompletionRequest } from 'vscode-languageserver-protocol';
import {
  type FillMaskParams,
  FillMaskRequest,
  FillMaskTargetRequest,
  mostListedNames,
} from '../../server/src/protocol/fillMask';
import { TestClient } from './testClient';

const position = (line: number, character: number) => ({ line, character });
const range = (line: number, start: number, end: number) => ({
  start: position(line, start),
  end: position(line, end),
});

describe('fill-mask', () => {
  const ask = (client: TestClient, uri: string, line: number, start: number, end: number, version = 1) =>
    client.connection.sendRequest(FillMaskRequest.type, {
      textDocument: { uri, version },
      range: range(line, start, end),
    });
  const words = [
    { texts: ['city'], score: 0.5 / 3 },
    { texts: ['capital'], score: 0.5 / 4 },
    { texts: ['town'], score: 0.5 / 6 },
  ];

  it('fills a mask token at the cursor, in either spelling', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada lives in a [MASK].\n\nA <mask> is here.\n');
    const punctuation = { texts: ['.'], score: 0.5 / 5 };
    const expected = [words[0], words[1], punctuation, words[2]];
    expect(await ask(client, uri, 0, 21, 21)).toEqual({
      version: 1,
      ranges: [range(0, 15, 21)],
      candidates: expected,
    });
    expect(await ask(client, uri, 2, 4, 4)).toEqual({
      version: 1,
      ranges: [range(2, 2, 8)],
      candidates: expected,
    });
    await client.stop();
  });

  it('replaces the word at the cursor or the selection, and does not offer what stands there', async () => {
    const client = await TestClient.start();
    const uri = await client.open('The city of **Ber**lin.\n');
    expect(await ask(client, uri, 0, 5, 5)).toEqual({
      version: 1,
      ranges: [range(0, 4, 8)],
      candidates: words.slice(1),
    });
    expect(await ask(client, uri, 0, 12, 22)).toEqual({
      version: 1,
      ranges: [range(0, 12, 22)],
      candidates: words,
    });
    await client.stop();
  });

  it('says what is wrong', async () => {
    const client = await TestClient.start();
    const uri = await client.open('One sentence. Another one.\n\n```\ncode\n```\n');
    await expect(ask(client, uri, 3, 1, 1)).rejects.toThrow('There is no prose here to fill in.');
    await expect(ask(client, uri, 0, 4, 20)).rejects.toThrow('Select text within one sentence.');
    await expect(ask(client, uri, 0, 13, 13)).rejects.toThrow('Put the cursor on a word');
    await expect(ask(client, uri, 0, 1, 1, 7)).rejects.toThrow('The document changed meanwhile.');
    await expect(ask(client, 'file:///unknown.md', 0, 1, 1)).rejects.toThrow(
      'This document is not open in Subtext.',
    );
    await client.stop();
  });

  it('works where nothing is analysed', async () => {
    const client = await TestClient.start({ settings: { enabled: false } });
    const uri = await client.open('The city of Berlin.\n');
    expect(await ask(client, uri, 0, 5, 5)).toMatchObject({ ranges: [range(0, 4, 8)] });
    await client.stop();
  });

  it('takes what stands right before the mask for the beginning of the word', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada lives in a c[MASK].\n\n他住在[MASK]。\n');
    expect(await ask(client, uri, 0, 22, 22)).toEqual({
      version: 1,
      ranges: [range(0, 15, 22)],
      candidates: [
        { texts: ['city'], score: 0.5 / 3 },
        { texts: ['capital'], score: 0.5 / 4 },
      ],
    });
    expect(await ask(client, uri, 2, 4, 4)).toMatchObject({ ranges: [range(2, 3, 9)] });
    expect(client.engine.fillRequests).toEqual(['Ada lives in a [MASK].', '他住在[MASK]。']);
    await client.stop();
  });

  it('tells what would be replaced', async () => {
    const client = await TestClient.start();
    const uri = await client.open('The **ci**ty un[MASK].\n\n```\ncode\n```\n');
    const targetAt = (line: number, start: number, end: number, version = 1) =>
      client.connection.sendRequest(FillMaskTargetRequest.type, {
        textDocument: { uri, version },
        range: range(line, start, end),
      });
    expect(await targetAt(0, 7, 7)).toEqual(range(0, 6, 12));
    expect(await targetAt(0, 14, 14)).toEqual(range(0, 13, 21));
    expect(await targetAt(0, 0, 12)).toEqual(range(0, 0, 12));
    expect(await targetAt(3, 1, 1)).toBeNull();
    expect(await targetAt(0, 7, 7, 2)).toBeNull();
    await client.stop();
  });

  it('keeps the case of the place', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Berlin is big. THE TOWN IS BIG.\n');
    expect(await ask(client, uri, 0, 1, 1)).toMatchObject({
      candidates: [{ texts: ['City'] }, { texts: ['Capital'] }, { texts: ['Town'] }],
    });
    // The word that stands there is left out.
    expect(await ask(client, uri, 0, 20, 20)).toMatchObject({
      candidates: [{ texts: ['CITY'] }, { texts: ['CAPITAL'] }],
    });
    await client.stop();
  });

  it('suggests the words of the setting only', async () => {
    const client = await TestClient.start({ settings: { fillMask: { words: ['New York', 'Paris'] } } });
    const uri = await client.open('Ada lives in [MASK].\n');
    expect(await ask(client, uri, 0, 14, 14)).toMatchObject({
      candidates: [{ texts: ['New York'] }, { texts: ['Paris'] }],
    });
    await client.stop();
  });

  it('asks the model once for the same place', async () => {
    const client = await TestClient.start();
    const uri = await client.open('Ada lives in [MASK]. The [MASK] is [MASK].\n');
    await ask(client, uri, 0, 14, 14);
    const first = await ask(client, uri, 0, 27, 27);
    expect(await ask(client, uri, 0, 27, 27)).toEqual(first);
    await ask(client, uri, 0, 37, 37);
    expect(client.engine.fillRequests).toEqual([
      'Ada lives in [MASK].',
      'The [MASK] is [MASK].',
      'The [MASK] is [MASK].',
    ]);
    await client.stop();
  });

  it('completes at a mask token and nowhere else', async () => {
    const client = await TestClient.start({ settings: { fillMask: { candidates: 1 } } });
    const uri = await client.open('Ada lives in a [MASK].\n');
    const complete = (character: number) =>
      client.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position: position(0, character),
      });
    expect(await complete(21)).toEqual([
      {
        label: 'city',
        kind: 1,
        labelDetails: { description: '17 %' },
        filterText: '[MASK]',
        sortText: '0000',
        textEdit: { range: range(0, 15, 21), newText: 'city' },
      },
    ]);
    expect(await complete(3)).toEqual([]);
    await client.stop();
  });
});

describe('several masks together', () => {
  const askAll = (client: TestClient, uri: string, start: number, end: number, together = true) =>
    client.connection.sendRequest(FillMaskRequest.type, {
      textDocument: { uri, version: 1 },
      range: range(0, start, end),
      together,
    });

  it('fills all mask tokens of the sentence, wherever in it the cursor is', async () => {
    const client = await TestClient.start({ settings: { fillMask: { candidates: 1 } } });
    const uri = await client.open('One [MASK]. A <mask> in **t[MASK]** is [MASK].\n');
    expect(await askAll(client, uri, 13, 13)).toEqual({
      version: 1,
      ranges: [range(0, 14, 20), range(0, 26, 33), range(0, 39, 45)],
      candidates: [{ texts: ['town', 'town', 'town'], score: 0.5 / 3 }],
    });
    expect(client.engine.fillRequests).toEqual(['A [MASK] in [MASK] is [MASK].']);
    expect(await askAll(client, uri, 40, 40, false)).toMatchObject({
      ranges: [range(0, 39, 45)],
      together: 3,
    });
    await client.stop();
  });

  it('fills those that are selected', async () => {
    const client = await TestClient.start({ settings: { fillMask: { candidates: 1 } } });
    const uri = await client.open('A [MASK] in [MASK] is [MASK].\n');
    expect(await askAll(client, uri, 0, 18, false)).toEqual({
      version: 1,
      ranges: [range(0, 2, 8), range(0, 12, 18)],
      candidates: [{ texts: ['city', 'city'], score: 0.5 / 3 }],
    });
    await client.stop();
  });

  it('says what is wrong', async () => {
    const client = await TestClient.start();
    const uri = await client.open(`None here. ${'[MASK] '.repeat(5)}.\n`);
    await expect(askAll(client, uri, 1, 1)).rejects.toThrow(
      'This sentence has no mask token such as [MASK].',
    );
    await expect(askAll(client, uri, 12, 12)).rejects.toThrow('At most 4 masks are filled together.');
    expect(await askAll(client, uri, 11, 24, false)).toMatchObject({
      ranges: [range(0, 11, 17), range(0, 18, 24)],
    });
    await client.stop();
  });
});

describe('names of the gazetteer', () => {
  /** Asks at the mask of a text, in a workspace with these entries. */
  async function askWith(entries: readonly object[], text: string, params: Partial<FillMaskParams>) {
    const folder = await mkdtemp(join(tmpdir(), 'subtext-fill-'));
    await writeFile(join(folder, '.subtext.json'), JSON.stringify({ gazetteer: entries }));
    const root = pathToFileURL(folder).href;
    const client = await TestClient.start({ rootUri: root, settings: { fillMask: { candidates: 2 } } });
    try {
      const uri = await client.open(text, { uri: `${root}/text.md` });
      const at = text.indexOf('[MASK]');
      return await client.connection.sendRequest(FillMaskRequest.type, {
        textDocument: { uri, version: 1 },
        range: range(0, at, at),
        ...params,
      });
    } finally {
      await client.stop();
      await rm(folder, { recursive: true });
    }
  }
  const entries = [
    { text: 'Babbage', type: 'PER' },
    { text: 'Analytical  Engine', type: 'MISC' },
    { pattern: 'No\\. [0-9]+', type: 'MISC' },
    { text: 'Byron', type: 'PER' },
  ];

  it('are all that is suggested where they are asked for', async () => {
    const asked = await askWith(entries, 'It is by [MASK].\n', { onlyGazetteer: true });
    expect(asked).toMatchObject({
      candidates: [{ texts: ['Babbage'] }, { texts: ['Analytical Engine'] }],
      gazetteer: 3,
    });
    expect(asked).not.toHaveProperty('leftOut');
    expect(await askWith(entries, 'It is by By[MASK].\n', { onlyGazetteer: true })).toMatchObject({
      candidates: [{ texts: ['Byron'] }],
    });
  });

  it('are counted otherwise', async () => {
    expect(await askWith(entries, 'It is by [MASK].\n', {})).toMatchObject({
      candidates: [{ texts: ['city'] }, { texts: ['capital'] }],
      gazetteer: 3,
    });
    expect(await askWith([], 'It is by [MASK].\n', {})).not.toHaveProperty('gazetteer');
  });

  it('are looked at up to a limit, of those that begin as was typed', async () => {
    const many = Array.from({ length: mostListedNames + 5 }, (_, i) => ({ text: `Name ${i}`, type: 'MISC' }));
    const all = await askWith(many, 'It is [MASK].\n', { onlyGazetteer: true });
    expect(all).toMatchObject({ leftOut: 5, gazetteer: mostListedNames + 5 });
    const typed = await askWith([{ text: 'Zuse', type: 'PER' }, ...many], 'It is Name[MASK].\n', {
      onlyGazetteer: true,
    });
    expect(typed).toMatchObject({ leftOut: 5, candidates: [{ texts: ['Name 0'] }, { texts: ['Name 1'] }] });
  });
});
