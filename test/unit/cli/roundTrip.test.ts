import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../../server/src/cli/run';
import { FakeDevices } from '../../support/fakeDevices';
import { FakeEngine, fakeModel } from '../../support/fakeEngine';

/** Runs the program on a text and returns what it writes. The engine says of equal texts the same. */
async function subtext(args: readonly string[], text: string): Promise<string> {
  const engine = new FakeEngine();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await run({
    args: [...args],
    streams: { stdin: Readable.from([Buffer.from(text)]), stdout, stderr },
    environment: {},
    startEngine: async () => ({
      model: fakeModel,
      device: 'cpu',
      analyze: (sentences) => engine.analyze(sentences),
      fillMask: (filled, options) => engine.fillMask(filled, options),
      fillWords: (filled, options) => engine.fillWords(filled, options),
      inspect: (inspected) => engine.inspect(inspected),
      dispose: async () => {},
    }),
    openDevices: () => new FakeDevices(),
    openStore: () => {
      throw new Error('These commands need no models of their own.');
    },
    signal: new AbortController().signal,
  });
  expect([code, String(stderr.read() ?? '')]).toEqual([0, '']);
  return Buffer.concat(chunks).toString('utf8');
}

/** Sentences of several scripts, each with a name, so that something is always found. */
const text = fc
  .array(
    fc.tuple(
      fc.constantFrom('Ada ', 'Berlin, ', '巴黎', 'باريس ', '😀 Ada ', '# Ada ', '"Berlin" '),
      fc.array(
        fc.constantFrom(
          'saw it ',
          '是首都',
          'e\u0301',
          '👩‍👩‍👧 ',
          '\t',
          '\u00a0',
          '\u3000',
          '\u200b',
          '\ufeff',
          '-DOCSTART- ',
          'B-PER ',
          '▁',
          '{"a":1} ',
          '*very* ',
          'lovely ',
          'terrible ',
        ),
        { maxLength: 5 },
      ),
      fc.constantFrom('.', '。', '!', '？'),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((sentences) => sentences.map(([name, words, end]) => name + words.join('') + end).join('\n\n'));

const evaluate = (task: string) => ['evaluate', '--task', task, '--format', 'json'];

describe('what analyze writes, evaluate reads', () => {
  it.each(['jsonl', 'conll'])('entities as %s: all of them are found again', async (format) => {
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        const written = await subtext(['analyze', '--tasks', 'entities', '--format', format], source);
        const { scores } = JSON.parse(await subtext(evaluate('entities'), written));
        const report = JSON.parse(
          await subtext(['analyze', '--tasks', 'entities', '--format', 'json'], source),
        );
        const entities = report.files[0].sentences.flatMap((sentence: { entities: unknown[] }) => [
          ...sentence.entities,
        ]).length;
        expect(entities).toBeGreaterThan(0);
        expect(scores.micro).toMatchObject({ annotated: entities, found: entities, right: entities, f1: 1 });
        expect(scores.sentences).toBe(report.files[0].sentences.length);
      }),
      { numRuns: 60 },
    );
  });

  it('sentiment as jsonl: every label is found again', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        const written = await subtext(['analyze', '--format', 'jsonl'], source);
        const { scores } = JSON.parse(await subtext(evaluate('sentiment'), written));
        expect(scores).toMatchObject({ texts: written.trimEnd().split('\n').length, accuracy: 1 });
      }),
      { numRuns: 60 },
    );
  });
});
