import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { EngineError } from '../../../server/src/core/ports';
import { FakeEngine, fakeModel } from '../../support/fakeEngine';
import { type ProgramSetup, runProgram } from './runProgram';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-cli-'));
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'note.md': '# Ada\n\nIn **Berlin** it was\r\nlovely 😀.\n\n```\nBerlin\n```\n\nIt was terrible.\n',
    'note.txt': '巴黎是法国的首都。Ada 到了 Berlin。',
    'quote.txt': '"Ada" \\ \u001b[31m said: <b>Berlin</b>',
    'empty.txt': '',
    'comment.md': 'Ada.\n\n<!-- subtext:ignore-file -->\n',
    'line.md': 'Ada. <!-- subtext:ignore-line -->\n\nBerlin.\n',
    'binary.txt': Buffer.of(0x41, 0, 0x42),
    'latin.txt': Buffer.of(0xfc),
    'poison.txt': 'This is poison.',
    'wide.txt': Buffer.from('\ufeffAda.', 'utf16le'),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await mkdir(join(folder, 'folder'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Paths in the arguments that name a file of the folder stand without it, as in the output. */
const subtext = async (args: readonly string[], setup: ProgramSetup = {}) => {
  const { out, err, ...result } = await runProgram(
    args.map((arg) => (/^[a-z]+\.(md|txt)$|^folder$/.test(arg) ? join(folder, arg) : arg)),
    setup,
  );
  const shorten = (text: string) => text.replaceAll(`${folder}/`, '').replaceAll(`${folder}\\`, '');
  return { ...result, out: shorten(out), err: shorten(err) };
};

/** Times are what no test may depend on. */
const withoutTimes = (text: string): string =>
  text.replace(/\d+\.\d\d s/g, 'T s').replace(/\([\d,]+ sentences\/s\)/g, '(N sentences/s)');

describe('subtext analyze', () => {
  it('writes a report for people', async () => {
    const { code, out, err, disposed } = await subtext(['analyze', 'note.md', 'note.txt']);
    expect({ code, err, disposed }).toEqual({ code: 0, err: '', disposed: 1 });
    expect(withoutTimes(out)).toBe(`note.md  3 sentences, T s
  1:3  PER   90%  Ada
  3:6  LOC   90%  Berlin
  ▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░██████████  1 negative, 1 neutral, 1 positive
  10:1  negative   96%  It was terrible.
   3:1  positive   95%  In Berlin it was lovely 😀.

note.txt  2 sentences, T s
   1:1  LOC   90%  巴黎
  1:10  PER   90%  Ada
  1:17  LOC   90%  Berlin
  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 negative, 2 neutral, 0 positive

2 files, 5 sentences in T s (N sentences/s), fake 1 on cpu
`);
  });

  it('writes JSON with offsets and positions in the source', async () => {
    const { code, out, err } = await subtext(['analyze', '--format', 'json', 'note.md', 'empty.txt']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      version: 1,
      model: { id: 'fake', revision: '1' },
      files: [
        {
          path: 'note.md',
          language: 'markdown',
          length: 74,
          sentences: [
            {
              start: 2,
              end: 5,
              line: 1,
              column: 3,
              endLine: 1,
              endColumn: 6,
              text: 'Ada',
              entities: [
                {
                  type: 'PER',
                  score: 0.9,
                  start: 2,
                  end: 5,
                  line: 1,
                  column: 3,
                  endLine: 1,
                  endColumn: 6,
                  text: 'Ada',
                  name: 'Ada',
                },
              ],
              sentiment: {
                label: 'neutral',
                score: 0.8,
                scores: { negative: 0.1, neutral: 0.8, positive: 0.1 },
              },
            },
            {
              start: 7,
              end: 39,
              line: 3,
              column: 1,
              endLine: 4,
              endColumn: 11,
              text: 'In **Berlin** it was\r\nlovely 😀.',
              entities: [
                {
                  type: 'LOC',
                  score: 0.9,
                  start: 12,
                  end: 18,
                  line: 3,
                  column: 6,
                  endLine: 3,
                  endColumn: 12,
                  text: 'Berlin',
                  name: 'Berlin',
                },
              ],
              sentiment: {
                label: 'positive',
                score: 0.95,
                scores: { negative: 0.01, neutral: 0.04, positive: 0.95 },
              },
            },
            {
              start: 57,
              end: 73,
              line: 10,
              column: 1,
              endLine: 10,
              endColumn: 17,
              text: 'It was terrible.',
              entities: [],
              sentiment: {
                label: 'negative',
                score: 0.96,
                scores: { negative: 0.96, neutral: 0.03, positive: 0.01 },
              },
            },
          ],
        },
        { path: 'empty.txt', language: 'plaintext', length: 0, sentences: [] },
      ],
    });
  });

  it('writes a JSON document a sentence', async () => {
    const args = ['analyze', '--format', 'jsonl', '--tasks', 'entities', 'quote.txt', 'note.txt'];
    const { out } = await subtext(args);
    const lines = out.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { path: 'quote.txt', start: 0, text: '"Ada" \\ \u001b[31m said: <b>Berlin</b>' },
      { path: 'note.txt', start: 0, entities: [{ text: '巴黎', column: 1 }] },
      { path: 'note.txt', start: 9, entities: [{ text: 'Ada' }, { text: 'Berlin' }] },
    ]);
    expect(out).not.toContain('sentiment');
    expect(out).not.toContain('\u001b');
  });

  it('writes CoNLL', async () => {
    const { out } = await subtext(['analyze', '--format', 'conll', 'note.txt', 'empty.txt']);
    expect(out).toBe(
      `-DOCSTART- O

巴 B-LOC
黎 I-LOC
是 O
法 O
国 O
的 O
首 O
都 O
。 O

Ada B-PER
到 O
了 O
Berlin B-LOC
。 O

-DOCSTART- O

`,
    );
  });

  it('reads standard input', async () => {
    for (const args of [['analyze'], ['analyze', '-']]) {
      const { code, out } = await subtext([...args, '--format', 'jsonl', '--tasks', 'sentiment'], {
        stdin: '# Ada was lovely.',
      });
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ path: '-', start: 0, sentiment: { label: 'positive' } });
    }
    const { out } = await subtext(['analyze', '--language', 'markdown', '--format', 'jsonl'], {
      stdin: '# Ada',
    });
    expect(JSON.parse(out)).toMatchObject({ path: '-', start: 2, end: 5 });
  });

  it('applies rules as the editor does, and says which', async () => {
    const rules = join(folder, 'rules.json');
    await writeFile(
      rules,
      JSON.stringify({
        ignore: {
          words: ['Berlin'],
          files: ['quote.txt'],
          sentences: [{ file: 'note.md', text: 'It was terrible.' }],
        },
        gazetteer: [{ text: 'lovely', type: 'MOOD' }],
      }),
    );
    const { code, out, err } = await subtext([
      'analyze',
      '--rules',
      rules,
      'note.md',
      'quote.txt',
      'comment.md',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(withoutTimes(out)).toBe(`note.md  3 sentences, T s, by rules.json
  1:3  PER    90%  Ada
  4:1  MOOD  100%  lovely
  ▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░██████████  1 negative, 1 neutral, 1 positive
  3:1  positive   95%  In Berlin it was lovely 😀.

quote.txt  ignored by rules.json

comment.md  ignored by a comment in it

1 file, 3 sentences in T s (N sentences/s), fake 1 on cpu
`);
    const json = JSON.parse(
      (await subtext(['analyze', '--rules', rules, '--format', 'json', 'note.md', 'comment.md'])).out,
    );
    const [note, comment] = json.files;
    expect(note.rules).toBe('rules.json');
    expect(note.sentences.map((one: { ignored?: true }) => one.ignored)).toEqual([
      undefined,
      undefined,
      true,
    ]);
    expect(note.sentences[1].entities).toMatchObject([{ type: 'MOOD', score: 1, listed: true }]);
    expect(comment).toEqual({ path: 'comment.md', ignored: 'a comment in it' });
  });

  it('hides what comments ignore, unless asked for what the model says', async () => {
    const types = async (...options: readonly string[]) => {
      const { out } = await subtext(['analyze', '--format', 'json', ...options, 'line.md']);
      return JSON.parse(out).files[0].sentences.map(
        ({ entities, ignored }: { entities: { name: string }[]; ignored?: true }) => [
          ...entities.map(({ name }) => name),
          ...(ignored ? ['ignored'] : []),
        ],
      );
    };
    expect(await types()).toEqual([['ignored'], ['Berlin']]);
    expect(await types('--no-rules')).toEqual([['Ada'], ['Berlin']]);
  });

  it('does nothing with a wrong rule file', async () => {
    await writeFile(join(folder, 'wrong.json'), '{ "ignore": [] }');
    const { code, out, err } = await subtext(['analyze', '--rules', join(folder, 'wrong.json'), 'note.md']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('wrong.json:1:13: expected an object\n');
  });

  it('leaves out entities below the threshold', async () => {
    const count = async (...args: string[]): Promise<number> => {
      const { out } = await subtext(['analyze', '--format', 'jsonl', ...args], { stdin: 'maybe Ada' });
      return JSON.parse(out).entities.length;
    };
    expect([await count(), await count('--threshold', '0.5'), await count('--threshold', '0.51')]).toEqual([
      0, 1, 0,
    ]);
  });

  it('goes on after a file that cannot be analyzed', async () => {
    const bad = ['missing.txt', 'folder', 'binary.txt', 'latin.txt', 'poison.txt'];
    const { code, out, err, disposed } = await subtext(['analyze', '--format', 'json', ...bad, 'wide.txt']);
    expect({ code, disposed }).toEqual({ code: 1, disposed: 1 });
    const problems: Readonly<Record<string, string>> = {
      'missing.txt': 'no such file',
      folder: 'is a directory; name its files, for instance with a pattern',
      'binary.txt': 'looks binary',
      'latin.txt': 'is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8',
      'poison.txt': 'Poisoned.',
    };
    expect(err).toBe(bad.map((path) => `subtext: ${path}: ${problems[path]}\n`).join(''));
    expect(JSON.parse(out).files).toMatchObject([
      ...bad.map((path) => ({ path, error: problems[path] })),
      { path: 'wide.txt', length: 4, sentences: [{ text: 'Ada.' }] },
    ]);
  });

  it('calls standard input by its name', async () => {
    const { code, out, err } = await subtext(['analyze'], { stdin: 'A\0B' });
    expect({ code, err }).toEqual({ code: 1, err: 'subtext: standard input: looks binary\n' });
    expect(withoutTimes(out)).toBe('0 files, 0 sentences in T s, fake 1 on cpu\n');
  });

  it('says why the model cannot be used', async () => {
    const startEngine = () => Promise.reject(new EngineError('The model is gone.'));
    const { code, out, err } = await subtext(['analyze', 'note.md'], { startEngine });
    expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'subtext: The model is gone.\n' });
  });

  it('does what the model can, and says what it cannot', async () => {
    const model = { ...fakeModel, tasks: ['entities'] as const, sentimentLabels: [] };
    const { out } = await subtext(['analyze', '--format', 'jsonl'], { model, stdin: 'Ada.' });
    expect(Object.keys(JSON.parse(out))).not.toContain('sentiment');
    const asked = await subtext(['analyze', '--tasks', 'sentiment'], { model, stdin: 'Ada.' });
    expect(asked).toEqual({
      code: 1,
      out: '',
      err: 'subtext: The model fake does not do this: sentiment.\n',
      disposed: 1,
    });
    const fill = await subtext(['fill', '[MASK]'], { model });
    expect(fill).toMatchObject({ code: 1, err: 'subtext: The model fake cannot fill masks.\n', disposed: 1 });
  });

  it('asks for each distinct sentence once', async () => {
    const engine = new FakeEngine();
    const { out } = await subtext(['analyze', '--format', 'jsonl'], {
      engine,
      stdin: 'Ada\n\nBerlin.\n\nAda\n\nAda\n',
    });
    expect(engine.requests.flat().sort()).toEqual(['Ada', 'Berlin.']);
    expect(out.match(/"PER"/g)).toHaveLength(3);
  });

  it('tells progress on a terminal, and only there', async () => {
    const { out, err } = await subtext(['analyze', 'empty.txt'], { terminal: true });
    expect(err.startsWith('\r\u001b[KLoading the model …')).toBe(true);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(out).toContain('\u001b[1m');
  });

  it.each([
    [false, {}, false],
    [true, {}, true],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('terminal: %j, environment: %j, colours: %j', async (terminal, environment, colours) => {
    const { out } = await subtext(['analyze', 'empty.txt'], { terminal, environment });
    expect(out.includes('\u001b[1m')).toBe(colours);
  });

  it('ends quietly when nobody reads on', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
    });
    const { code, err, disposed } = await subtext(['analyze', 'note.md', 'note.txt'], { stdout });
    expect({ code, err, disposed }).toEqual({ code: 0, err: '', disposed: 1 });
  });

  it.each([
    [['analyze', 'note.md']],
    [['analyze', '--format', 'json', 'note.md']],
    [['--help']],
    [['--version']],
  ])('says why its output cannot be written: %j', async (args) => {
    const full = { errno: -constants.errno.ENOSPC, code: 'ENOSPC', syscall: 'write' };
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('ENOSPC: secret'), full)),
    });
    const { code, err } = await subtext(args, { stdout });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'subtext: standard output cannot be written: no space left on device (ENOSPC)\n',
    });
  });

  it('says what the system says', async () => {
    const failing = (error: object) => ({
      startEngine: () => Promise.reject(Object.assign(new Error('secret'), error)),
    });
    const readOnly = {
      errno: -constants.errno.EROFS,
      code: 'EROFS',
      syscall: 'mkdir',
      path: '/models/a\u001b[1m',
    };
    expect((await subtext(['analyze', 'note.md'], failing(readOnly))).err).toBe(
      'subtext: /models/a [1m: read-only file system (EROFS)\n',
    );
    const unknown = { code: 'EODD', syscall: 'open' };
    expect((await subtext(['analyze', 'note.md'], failing(unknown))).err).toBe('subtext: EODD\n');
    // An error of its own is one of ours, of which nothing is told but where.
    expect((await subtext(['analyze', 'note.md'], failing({}))).err).toMatch(
      /^subtext: internal error \(Error\)/,
    );
  });

  it('ends the engine when it is interrupted', async () => {
    const controller = new AbortController();
    const engine = new FakeEngine();
    engine.analyze = async () => {
      controller.abort();
      throw controller.signal.reason;
    };
    const setup = { engine, signal: controller.signal, stdin: 'Ada.' };
    const { out, err, disposed } = await subtext(['analyze'], setup);
    expect({ out, err, disposed }).toEqual({ out: '', err: '', disposed: 1 });
  });
});

describe('subtext inspect', () => {
  it('writes a table for people', async () => {
    const { code, out, err, disposed } = await subtext(['inspect', 'Ada is 😀.\n']);
    expect({ code, err, disposed }).toEqual({ code: 0, err: '', disposed: 1 });
    expect(out.split('\n')).toEqual([
      '#  Token  Id  Offsets  Text  Word  Label      Second label  Remark',
      '0  Ada     1      0–3  Ada      0  B-PER 90%',
      '1  is      2      4–6  is       1  O 90%',
      '2  😀      3      7–9  😀       2  O 90%                    unknown to the model',
      '3  .       4     9–10  .        3  O 90%',
      'Sentiment: negative 10% · neutral 80% · positive 10%',
      '',
    ]);
  });

  it('writes what the editor copies, and JSON', async () => {
    const csv = await subtext(['inspect', '--format', 'csv'], { stdin: 'Ada\n' });
    expect(csv.out.split('\r\n')[1]).toBe('fake,0,Ada,1,0,3,Ada,0,false,false,B-PER,0.9000000,,');
    const markdown = await subtext(['inspect', '--format', 'markdown', 'Ada']);
    expect(markdown.out).toContain('| 0 | Ada | 1 | 0–3 | Ada | 0 | B-PER 90% |  |  |');
    const json = await subtext(['inspect', '--format', 'json', 'Ada']);
    expect(JSON.parse(json.out)).toMatchObject({
      version: 1,
      model: { id: 'fake', revision: '1' },
      text: 'Ada',
      tokens: [{ token: 'Ada', start: 0, end: 3, labels: [{ label: 'B-PER', score: 0.9 }] }],
      windows: [{ start: 0, end: 1 }],
      sentiment: [{ label: 'negative', score: 0.1 }, { label: 'neutral' }, { label: 'positive' }],
    });
  });
});

describe('subtext fill', () => {
  it('writes candidates for people', async () => {
    const { code, out, err } = await subtext(['fill', 'A <mask> and\na [MASK].', '--top', '3']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`A <mask> and a [MASK].
  mask 1 of 2
   50.0%  ing
   25.0%  [UNK]
   16.7%  city
  mask 2 of 2
   50.0%  ing
   25.0%  [UNK]
   16.7%  city
`);
  });

  it('fills all masks together, in words of any number of pieces', async () => {
    const args = ['fill', 'A <mask> and a [MASK].', '--together', '--top', '2'];
    const { code, out, err } = await subtext([...args, '--targets', 'city,New York']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`A <mask> and a [MASK].
   40.8%  city … city
   35.4%  New York … New York
`);
    expect(JSON.parse((await subtext([...args, '--format', 'json'])).out)).toEqual({
      version: 1,
      model: { id: 'fake', revision: '1' },
      text: 'A <mask> and a [MASK].',
      masks: [
        { start: 2, end: 8 },
        { start: 15, end: 21 },
      ],
      fillings: [
        { texts: ['city', 'city'], score: 0.1667 },
        { texts: ['capital', 'capital'], score: 0.125 },
      ],
    });
  });

  it('fills not too many masks together', async () => {
    const { code, err } = await subtext(['fill', '[MASK] '.repeat(5), '--together']);
    expect({ code, err }).toEqual({ code: 2, err: 'subtext: at most 4 masks are filled together\n' });
  });

  it('writes JSON with offsets in the text as it was given', async () => {
    const { out } = await subtext(['fill', '--format', 'json', '--top', '1'], {
      stdin: '😀 <mask> [MASK]\n',
    });
    const candidates = [{ text: 'ing', token: '##ing', score: 0.5 }];
    expect(JSON.parse(out)).toEqual({
      version: 1,
      model: { id: 'fake', revision: '1' },
      text: '😀 <mask> [MASK]',
      masks: [
        { start: 3, end: 9, candidates },
        { start: 10, end: 16, candidates },
      ],
    });
  });

  it('says what is missing', async () => {
    const { code, out, err } = await subtext(['fill', 'No mask.']);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: '',
      err: 'subtext: the text has no [MASK] (or <mask>) to fill\n',
    });
  });
});

describe('subtext evaluate', () => {
  const conll = 'Ada B-PER\nsaw O\nBerlin B-ORG\n\nmaybe O\nAda B-PER\n';

  it('writes scores of entities for people', async () => {
    const args = ['evaluate', '--task', 'entities', '--language', 'en'];
    const { code, out, err, disposed } = await subtext(args, { stdin: conll });
    expect({ code, err, disposed }).toEqual({ code: 0, err: '', disposed: 1 });
    expect(out).toBe(`entities  fake 1 on cpu, 1 file, thresholds of the model, aggregation auto

  language      sentences  annotated  found  right  precision  recall    F1
  en                    2          2      1      1      100.0    50.0  66.7
  all (micro)           2          2      1      1      100.0    50.0  66.7
  mean (macro)                                          100.0    50.0  66.7

  type          annotated  found  right  precision  recall    F1
  PER                   2      1      1      100.0    50.0  66.7
  mean (macro)                               100.0    50.0  66.7

  errors
  right span, wrong type        0
  overlapping span, right type  0
  overlapping span, wrong type  0
  missed                        1
  spurious                      0

  left out: annotated, but the model does not know the type
    ORG 1

  left out: found over one of those
    LOC 1
`);
  });

  it('writes scores of entities as JSON', async () => {
    const args = ['evaluate', '--task', 'entities', '--format', 'json', '--threshold', '0.5'];
    const { out } = await subtext(args, { stdin: conll });
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      model: { id: 'fake', revision: '1' },
      task: 'entities',
      threshold: 0.5,
      aggregation: 'auto',
      files: ['-'],
      scores: { sentences: 2, micro: { annotated: 2, found: 2, right: 2, f1: 1 } },
    });
  });

  it('writes scores of sentiment', async () => {
    const stdin = 'positive\tlovely\n2\tterrible\nneutral\tso so\n';
    const { code, out, err } = await subtext(['evaluate', '--task', 'sentiment'], { stdin });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`sentiment  fake 1 on cpu, 1 file

  language  texts  accuracy  macro-F1  calibration error
  und           3      66.7      83.3               37.0
  all           3      66.7      83.3               37.0
  mean                 66.7      83.3

  class     annotated  found  right  precision  recall     F1
  negative          0      1      0        0.0     0.0    0.0
  neutral           1      1      1      100.0   100.0  100.0
  positive          2      1      1      100.0    50.0   66.7

  annotated as / found as  negative  neutral  positive
  negative                        0        0         0
  neutral                         0        1         0
  positive                        1        0         1
`);
  });

  it('writes scores of fill-mask', async () => {
    // To the fake engine no word is one piece.
    const { code, out } = await subtext(['evaluate', '--task', 'fill-mask', '--sample', '2'], {
      stdin: 'Ada saw\nBerlin.\n',
    });
    expect(code).toBe(0);
    expect(out).toContain('fill-mask  fake 1 on cpu, 1 file, sample 2, seed 1\n');
    expect(out).toMatch(/\n {2}und +0 +3 +– +– +– +–\n/);
  });

  it('measures nothing unless all files can be read', async () => {
    const startEngine = () => Promise.reject(new Error('must not be started'));
    const args = ['evaluate', '--task', 'entities', 'missing.txt', 'latin.txt', '-', 'note.txt'];
    const { code, out, err } = await subtext(args, { startEngine, stdin: 'Ada B-PER\nsecret\n' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`subtext: missing.txt: no such file
subtext: latin.txt: is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8
subtext: standard input: line 2: has not two columns, a token and a tag
subtext: note.txt: line 1: has a tag that is neither O nor a type with the prefix B-, I-, E- or S-
`);
    const empty = await subtext(['evaluate', '--task', 'entities', 'empty.txt'], { startEngine });
    expect(empty).toMatchObject({
      code: 1,
      err: 'subtext: there is nothing to measure: the files are empty\n',
    });
  });

  it('says which label the model does not have', async () => {
    const { code, out, err, disposed } = await subtext(['evaluate', '--task', 'sentiment'], {
      stdin: '0\tterrible\nsecret\tlovely\n',
    });
    expect({ code, out, disposed }).toEqual({ code: 1, out: '', disposed: 1 });
    expect(err).toBe(
      "subtext: standard input: line 2: its label is none of the model's: negative (or 0), neutral (or 1), positive (or 2)\n",
    );
  });
});

describe('usage', () => {
  it.each([
    [['--nonsense'], "error: unknown option '--nonsense'"],
    [['nonsense'], "error: unknown command 'nonsense'"],
    [['analyze', '--format', 'xml'], 'Allowed choices are text, json, jsonl, conll'],
    [['analyze', '--tasks', 'entities,moods'], 'Allowed are entities, sentiment.'],
    [['analyze', '--tasks', ''], 'It is empty.'],
    [['analyze', '--threshold', '1.5'], 'It must be a number from 0 to 1.'],
    [['analyze', '--threshold', ''], 'It must be a number from 0 to 1.'],
    [['analyze', '--threads', '1e1'], 'It must be a whole number from 0 to 64.'],
    [['analyze', '--aggregation', 'mean'], 'Allowed choices are auto, none, simple, first, average, max'],
    [['analyze', '--language', 'klingon'], 'It is no language that is known'],
    [['analyze', '--format', 'conll', '--tasks', 'sentiment'], "needs the task 'entities'"],
    [['analyze', '--format', 'conll', '--aggregation', 'none'], 'needs whole entities'],
    [['analyze', '-', 'note.md', '-'], 'standard input can be read only once'],
    [['evaluate'], "required option '--task <name>' not specified"],
    [['evaluate', '--task', 'moods'], 'Allowed choices are entities, sentiment, fill-mask'],
    [['evaluate', '--task', 'entities', '--aggregation', 'none'], 'Allowed choices are auto, simple'],
    [['evaluate', '--task', 'entities', '--sample', '0'], 'It must be a whole number from 1 to 1000000.'],
    [['evaluate', '--task', 'entities', '-', '-'], 'standard input can be read only once'],
    [['fill', '--top', '0', '[MASK]'], 'It must be a whole number from 1 to 1000.'],
    [['fill', '[MASK]', 'two'], 'too many arguments'],
  ])('%j is wrong', async (args, message) => {
    const startEngine = () => Promise.reject(new Error('must not be started'));
    const { code, out, err } = await subtext(args, { startEngine });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain('--help');
  });

  it('is explained', async () => {
    for (const args of [['--help'], ['analyze', '--help'], ['fill', '--help'], ['evaluate', '--help']]) {
      const { code, out, err } = await subtext(args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Usage: subtext');
    }
    expect((await subtext([])).code).toBe(2);
    expect(await subtext(['--version'])).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
  });
});
