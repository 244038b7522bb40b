import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { toJsonSentence } from '../../server/src/cli/jsonFormat';
import { root } from '../support/paths';
import { poll } from '../support/poll';
import { runToEnd } from '../support/processes';
import { makePipe } from '../support/specialFiles';

/* The built program with the bundled model, as people run it. */

const timeout = 110_000;
const cli = join(root, 'dist/cli.js');

const subtext = (args: readonly string[], input = '') =>
  runToEnd(process.execPath, [cli, ...args], { cwd: root, input, timeout });

type JsonSentence = ReturnType<typeof toJsonSentence>;
interface JsonFile {
  readonly path: string;
  readonly length: number;
  readonly sentences: readonly JsonSentence[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('subtext analyze', () => {
  let samples: readonly string[];
  let files: readonly JsonFile[];
  beforeAll(async () => {
    samples = (await readdir(join(root, 'samples'))).sort().map((name) => `samples/${name}`);
    const { code, stdout, stderr } = await subtext(['analyze', '--format', 'json', ...samples]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const output = JSON.parse(stdout) as { readonly model: unknown; readonly files: readonly JsonFile[] };
    expect(output.model).toMatchObject({ id: 'subtext-base' });
    files = output.files;
  });

  it('finds entities in every sample', () => {
    expect(files.map(({ path }) => path)).toEqual(samples);
    const without = files.filter(
      ({ sentences }) => !sentences.some((sentence) => (sentence.entities ?? []).length > 0),
    );
    expect(without).toEqual([]);
  });

  it('gives places that hold the text they say', async () => {
    for (const { path, length, sentences } of files) {
      const source = await readFile(join(root, path), 'utf8');
      expect(length).toBe(source.length);
      const lines = source.split(/\r?\n/);
      for (const place of sentences.flatMap((sentence) => [sentence, ...(sentence.entities ?? [])])) {
        expect(source.slice(place.start, place.end)).toBe(place.text);
        const line = lines[place.line - 1] ?? '';
        const [firstLine = ''] = place.text.split(/\r?\n/);
        expect(line.slice(place.column - 1, place.column - 1 + firstLine.length)).toBe(firstLine);
        const lastLine = place.text.split(/\r?\n/).at(-1) ?? '';
        expect((lines[place.endLine - 1] ?? '').slice(0, place.endColumn - 1).endsWith(lastLine)).toBe(true);
      }
    }
  });

  it('gives probabilities', () => {
    const sentiments = files.flatMap(({ sentences }) => sentences.map(({ sentiment }) => sentiment));
    for (const sentiment of sentiments) {
      const scores = Object.values(sentiment?.scores ?? {});
      // They are rounded to four places.
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 3);
      expect(sentiment?.score).toBe(Math.max(...scores));
    }
  });

  it('keeps every entity in CoNLL', async () => {
    const { code, stdout } = await subtext(['analyze', '--format', 'conll', ...samples]);
    expect(code).toBe(0);
    const begins = [...stdout.matchAll(/^\S+ B-(\S+)$/gm)].map((match) => match[1]);
    const types = files.flatMap(({ sentences }) =>
      sentences.flatMap(({ entities }) => (entities ?? []).map(({ type }) => type)),
    );
    expect(begins).toEqual(types);
    expect(stdout.split('\n').filter((line) => !/^(\S+ (O|[BI]-\S+))?$/.test(line))).toEqual([]);
  });

  it('takes ten megabytes in one line, and a word of one', async () => {
    const source = (await readFile(join(root, 'samples/english.txt'), 'utf8')).replace(/\s+/g, ' ');
    const times = Math.ceil(10e6 / source.length);
    const line = source.repeat(times);
    const word = 'x'.repeat(1e6);
    await writeFile(join(folder, 'line.txt'), line);
    await writeFile(join(folder, 'word.txt'), word);
    const args = ['analyze', '--format', 'jsonl', join(folder, 'line.txt'), join(folder, 'word.txt')];
    const { code, stdout, stderr } = await subtext(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const sentences = stdout
      .trimEnd()
      .split('\n')

      .map((json) => JSON.parse(json) as JsonSentence & { readonly path: string });
    // All of the text is in a sentence, and the last London is where it ought to be.
    const inLine = sentences.filter(({ path }) => path.endsWith('line.txt'));
    const inWord = sentences.filter(({ path }) => path.endsWith('word.txt'));
    expect(inLine.map(({ text }) => text.replace(/\s/g, '')).join('')).toBe(line.replace(/\s/g, ''));
    expect(inWord.map(({ text }) => text).join('')).toBe(word);
    const found = inLine.flatMap(({ entities }) => entities ?? []).filter(({ text }) => text === 'London');
    expect(found.at(-1)?.start).toBe(line.lastIndexOf('London'));
  });
});

describe('subtext fill', () => {
  it('takes either mask token', async () => {
    const fill = async (text: string) => (await subtext(['fill', text, '--format', 'json'])).stdout;
    const [bert, roberta] = [
      JSON.parse(await fill('London is the capital of [MASK].')),
      JSON.parse(await fill('London is the capital of <mask>.')),
    ];
    expect(bert.masks).toHaveLength(1);
    expect(bert.masks[0].candidates).toHaveLength(5);
    expect(roberta.masks[0].candidates).toEqual(bert.masks[0].candidates);
  });

  it('ranks the given words only', async () => {
    const args = [
      'fill',
      'London is the capital of [MASK].',
      '--targets',
      'England,Friday',
      '--format',
      'json',
    ];
    const { masks } = JSON.parse((await subtext(args)).stdout);
    expect(masks[0].candidates.map(({ text }: { readonly text: string }) => text)).toEqual([
      'England',
      'Friday',
    ]);
  });
});

/** Children of a process, by their ids; Linux only. */
const childrenOf = async (pid: number): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean).map(Number);

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe.runIf(process.platform === 'linux')('as a process', () => {
  const start = (files: readonly string[]) =>
    spawn(process.execPath, [cli, 'analyze', '--format', 'jsonl', ...files], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const sample = join(root, 'samples/english.txt');

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it and its inference process', async (signal, expected) => {
    // Many different sentences: work for much longer than a test takes.
    const file = join(folder, 'long.txt');
    const sentences = Array.from({ length: 100_000 }, (_, i) => `Person ${i} of London met person ${i + 1}.`);
    await writeFile(file, sentences.join('\n\n'));
    const program = start([sample, file]);
    const ended = once(program, 'exit');
    const stderr = text(program.stderr);
    // The results of the first file: the engine is there, and at work on the second one.
    await once(program.stdout, 'data');
    const children = await childrenOf(program.pid ?? 0);
    expect(children).toHaveLength(1);
    program.kill(signal);
    expect(await ended).toEqual([expected, null]);
    expect(await stderr).toBe('');
    await poll('The end of the inference process', () => !children.some(isAlive) || undefined, timeout);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it while it waits for a pipe', async (signal, expected) => {
    const pipe = join(folder, `pipe ${signal}`);
    makePipe(pipe);
    const program = start([sample, pipe]);
    const ended = once(program, 'exit');
    // The results of the first file: it goes on to the pipe, into which nobody writes.
    await once(program.stdout, 'data');
    const children = await childrenOf(program.pid ?? 0);
    program.kill(signal);
    expect(await ended).toEqual([expected, null]);
    await poll('The end of the inference process', () => !children.some(isAlive) || undefined, timeout);
  });

  it('says why its output cannot be written', async () => {
    const full = await open('/dev/full', 'w');
    const program = spawn(process.execPath, [cli, 'analyze', sample], { stdio: ['ignore', full.fd, 'pipe'] });
    const stderr = text(Readable.from(program.stderr ?? []));
    expect(await once(program, 'exit')).toEqual([1, null]);
    expect(await stderr).toBe(
      'subtext: standard output cannot be written: no space left on device (ENOSPC)\n',
    );
    await full.close();
  });

  it('ends quietly when its reader does', async () => {
    const program = start(Array.from({ length: 1000 }, () => sample));
    const ended = once(program, 'exit');
    const stderr = text(program.stderr);
    await once(program.stdout, 'data');
    const children = await childrenOf(program.pid ?? 0);
    program.stdout.destroy();
    expect(await ended).toEqual([0, null]);
    expect(await stderr).toBe('');
    expect(children.some(isAlive)).toBe(false);
  });
});
