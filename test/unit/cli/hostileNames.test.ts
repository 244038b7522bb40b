import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelStore } from '../../../server/src/models/modelStore';
import type { ModelInfo } from '../../../server/src/protocol/models';
import { FakeDevices } from '../../support/fakeDevices';
import { analyzeFake, FakeEngine, fakeModel } from '../../support/fakeEngine';
import { expectLines, expectOneLine, hostileName, markdownNodes } from '../../support/hostile';
import { type ProgramSetup, runProgram } from './runProgram';

let folder: string;
let note: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-hostile-'));
  note = join(folder, 'note.txt');
  await writeFile(note, 'Ada saw \u202eBerlin\u001b[31m once. It was terrible.\n\u200f Ada.\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A model of which every word is hostile, and an engine that finds what such a model would. */
const hostileSetup = (name: string): ProgramSetup => {
  const engine = new FakeEngine();
  engine.analyzeSentence = (sentence) => {
    const { mentions, sentiment } = analyzeFake(sentence);
    return { mentions: mentions.map((mention) => ({ ...mention, type: name })), sentiment };
  };
  engine.fillMask = async () => [
    { mask: { start: 0, end: 6 }, candidates: [{ tokenId: 1, token: name, text: name, score: 0.5 }] },
  ];
  engine.fillWords = async () => [{ texts: [name], score: 0.5, pieces: 1 }];
  engine.inspect = async () => ({
    tokens: [
      {
        ...{ id: 1, token: name, start: 0, end: 3, word: 0, isSpecial: false, isUnknown: false },
        labels: [{ label: name, score: 0.9 }],
      },
    ],
    windows: [{ start: 0, end: 1 }],
    sentiment: [0.1, 0.8, 0.1],
  });
  const model = {
    ...fakeModel,
    id: name,
    revision: name,
    tokenLabels: ['O', `B-${name}`],
    sentimentLabels: ['negative', name, `${name}2`],
  };
  return { engine, model };
};

const each = (title: string, check: (name: string) => Promise<void>): void =>
  it(title, () => fc.assert(fc.asyncProperty(hostileName, check), { numRuns: 60 }));

/** Ours stands behind names, so that a right-to-left one keeps its place. */
const withoutOurMarks = (text: string): string => text.replaceAll('\u200e', '');

const lineCount = (text: string): number => text.split('\n').length;

describe('analyze', () => {
  each('as text has the lines it always has', async (name) => {
    const { out } = await runProgram(['analyze', note], hostileSetup(name));
    expectLines(withoutOurMarks(out));
    const harmless = await runProgram(['analyze', note], hostileSetup('x'));
    expect(lineCount(out)).toBe(lineCount(harmless.out));
  });

  each('as CoNLL has two columns', async (name) => {
    const { out } = await runProgram(['analyze', '--format', 'conll', note], hostileSetup(name));
    expectLines(out);
    const lines = out.split('\n').filter((line) => line !== '');
    for (const line of lines) expect(line).toMatch(/^\S+ (?:O|[BI]-\S+)$/u);
    const harmless = await runProgram(['analyze', '--format', 'conll', note], hostileSetup('x'));
    expect(lines.map((line) => line.split(' ')[0])).toEqual(
      harmless.out.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')[0]])),
    );
  });

  each('as JSON gives the names as they are, and no terminal notices', async (name) => {
    const { out } = await runProgram(['analyze', '--format', 'json', note], hostileSetup(name));
    expectLines(out);
    const parsed = JSON.parse(out);
    expect(parsed.model.id).toBe(name);
    expect(parsed.files[0].sentences[0].entities[0].type).toBe(name);
    const lines = await runProgram(['analyze', '--format', 'jsonl', note], hostileSetup(name));
    expectLines(lines.out);
    expect(JSON.parse(lines.out.split('\n')[0] ?? '').text).toContain('\u202eBerlin\u001b[31m');
  });

  each('tells what a model cannot do in one line', async (name) => {
    const { model, ...setup } = hostileSetup(name);
    const unable = { ...(model ?? fakeModel), tasks: [] };
    const { code, err } = await runProgram(['analyze', note], { ...setup, model: unable });
    expect(code).not.toBe(0);
    expect(lineCount(err)).toBe(2);
    expectLines(err);
  });
});

describe('inspect', () => {
  const inspect = async (name: string, format: string) =>
    (await runProgram(['inspect', '--format', format, 'Ada'], hostileSetup(name))).out;

  each('as text and JSON', async (name) => {
    const text = await inspect(name, 'text');
    expectLines(text);
    expect(lineCount(text)).toBe(lineCount(await inspect('x', 'text')));
    const json = await inspect(name, 'json');
    expectLines(json);
    expect(JSON.parse(json).tokens[0].token).toBe(name);
  });

  each('as CSV has as many fields in each line, none of them a formula', async (name) => {
    const out = await inspect(name, 'csv');
    // Line breaks within quotes are part of a field.
    expectOneLine(out.replace(/[\t\r\n]/gu, ''));
    const rows: string[][] = parse(out, { relax_column_count: false });
    expect(rows).toHaveLength(2);
    for (const field of rows.flat()) expect(field).not.toMatch(/^[=+\-@\t\r](?!\d*(?:\.\d+)?$)./su);
  });

  each('as Markdown is a table', async (name) => {
    const nodes = markdownNodes(await inspect(name, 'markdown'));
    expect(nodes.filter((node) => node === 'TableRow')).toHaveLength(1);
    expect(nodes.filter((node) => /Link|Image|HTML|URL|Code|Emphasis|Entity|List/u.test(node))).toEqual([]);
  });
});

describe('other commands', () => {
  each('fill', async (name) => {
    const ask = async (...args: string[]) =>
      (await runProgram(['fill', ...args, `[MASK] ${name.replaceAll('\0', '')}`], hostileSetup(name))).out;
    expectLines(await ask());
    expectLines(await ask('--format', 'json'));
    expectLines(await ask('--together'));
  });

  each('evaluate', async (name) => {
    const annotated = join(folder, 'annotated.jsonl');
    const row = {
      text: 'Ada',
      lang: name,
      source: name,
      entities: [{ start: 0, end: 3, type: name, text: 'Ada' }],
    };
    await writeFile(annotated, `${JSON.stringify(row)}\n`);
    for (const format of ['text', 'json']) {
      const { out, err } = await runProgram(
        ['evaluate', '--task', 'entities', '--format', format, annotated],
        hostileSetup(name),
      );
      expectLines(out);
      expectLines(err);
    }
  });

  each('models', async (name) => {
    const info: ModelInfo = {
      ref: name,
      title: name,
      source: 'hub',
      tasks: ['entities'],
      installed: true,
      bytes: 1,
      licence: name,
      languages: [name],
      score: name,
      path: name,
      removable: true,
    };
    const plan = {
      model: info,
      commit: name,
      host: name,
      folder: name,
      files: [{ path: name, bytes: 1 }],
      precision: 'int8',
      precisions: [],
      bytes: 1,
      missingBytes: 0,
    };
    const openStore = () =>
      ({
        list: () => [info, info],
        plan: async () => plan,
        download: async () => info,
      }) as unknown as ModelStore;
    const list = await runProgram(['models', 'list'], { openStore });
    expectLines(list.out);
    expect(lineCount(list.out)).toBe(4);
    expectLines((await runProgram(['models', 'list', '--format', 'json'], { openStore })).out);
    const download = await runProgram(['models', 'download', 'a/b'], { openStore });
    expectLines(download.out);
    expect(lineCount(download.out)).toBe(7);
  });

  each('devices', async (name) => {
    const devices = new FakeDevices();
    devices.measure = async () => [
      { device: name, precision: name, model: name, hardware: name, status: 'crashed', message: name },
    ];
    const openStore = () =>
      ({ resolve: () => ({ id: name, revision: name, path: name }) }) as unknown as ModelStore;
    for (const format of ['text', 'json'])
      expectLines((await runProgram(['devices', '--format', format], { openStore, devices })).out);
  });

  each('what cannot be done with an argument is told in lines of text', async (name) => {
    const { err } = await runProgram(['analyze', `--${name}`, join(folder, name.replaceAll('\0', ''))]);
    expectLines(err);
  });
});
