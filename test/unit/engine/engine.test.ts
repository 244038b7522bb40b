import { describe, expect, test } from 'vitest';
import { Engine } from '../../../server/src/core/engine';
import type { EngineOptions } from '../../../server/src/core/engineParts';
import { EngineError } from '../../../server/src/core/ports';
import { FakeRunner, FakeTokenizer, fakeDescription } from './fakeModel';

function create(options: EngineOptions = {}) {
  const runner = new FakeRunner();
  const tokenizer = new FakeTokenizer();
  return { runner, tokenizer, engine: new Engine(fakeDescription, tokenizer, runner, options) };
}

const found = (text: string, mentions: readonly { type: string; start: number; end: number }[]) =>
  mentions.map(({ type, start, end }) => `${type} ${text.slice(start, end)}`);

describe('analyze', () => {
  test('gives one result a sentence, in order, whatever their lengths', async () => {
    const sentences = [
      'Anna',
      'Anna hates Berlin in Paris.',
      '',
      '😀 東京',
      'the city is the city',
      'Berlin',
    ];
    const results = await create({ batchTokens: 14 }).engine.analyze(sentences, { aggregation: 'average' });
    expect(results.map(({ mentions }, i) => found(sentences[i] ?? '', mentions))).toEqual([
      ['PER Anna'],
      ['PER Anna', 'LOC Berlin', 'LOC Paris'],
      [],
      ['LOC 東京'],
      [],
      ['LOC Berlin'],
    ]);
    expect(results.map(({ sentiment }) => sentiment.map((score) => score.toFixed(3)))).toEqual([
      ['0.500', '0.500'],
      ['0.953', '0.047'],
      ['0.500', '0.500'],
      ['0.500', '0.500'],
      ['0.500', '0.500'],
      ['0.500', '0.500'],
    ]);
  });

  test('puts similar lengths together and keeps to the budget', async () => {
    const { engine, runner } = create({ batchTokens: 14 });
    await engine.analyze(['Anna', 'Anna likes Berlin in Paris.', 'Anna'], { aggregation: 'simple' });
    expect(runner.batches.map(({ rows, columns }) => [rows, columns])).toEqual([
      [1, 9],
      [2, 3],
    ]);
  });

  test('gives the same results with rounded shapes', async () => {
    const sentences = ['Anna', 'Anna likes Berlin in Paris.', '', 'the city is the city', 'Berlin'];
    const exact = create();
    const rounded = create({ roundShapes: true });
    const options = { aggregation: 'average' } as const;
    expect(await rounded.engine.analyze(sentences, options)).toEqual(
      await exact.engine.analyze(sentences, options),
    );
    expect(exact.runner.batches.map(({ rows, columns }) => [rows, columns])).toEqual([[5, 9]]);
    expect(rounded.runner.batches.map(({ rows, columns }) => [rows, columns])).toEqual([[6, 12]]);
  });

  test('reads a sentence that is too long in windows, and loses and doubles nothing', async () => {
    const text = 'the city Berlin is in the city Paris likes Anna in Berlin is Paris.';
    const { engine, runner } = create({ stride: 3 });
    const [result] = await engine.analyze([text], { aggregation: 'average' });
    expect(runner.batches.flatMap(({ rows }) => rows).reduce((a, b) => a + b)).toBeGreaterThan(1);
    expect(found(text, result?.mentions ?? [])).toEqual([
      'LOC Berlin',
      'LOC Paris',
      'PER Anna',
      'LOC Berlin',
      'LOC Paris',
    ]);
  });

  test('weights the windows of a long sentence by their tokens', async () => {
    // Ten content tokens without hate, then five with it.
    const text = `${'the '.repeat(10)}${'hates '.repeat(5)}`;
    const [result] = await create({ stride: 0 }).engine.analyze([text], { aggregation: 'simple' });
    const negative = Math.exp(3) / (Math.exp(3) + 1);
    expect(result?.sentiment[0]).toBeCloseTo((10 * 0.5 + 5 * negative) / 15, 6);
  });

  test('ends mentions at grapheme boundaries, unless raw spans are asked for', async () => {
    const texts = ['Paris\u0301 is'];
    const analyze = (options: EngineOptions) =>
      create(options).engine.analyze(texts, { aggregation: 'simple' });
    expect((await analyze({}))[0]?.mentions).toMatchObject([{ start: 0, end: 6 }]);
    expect((await analyze({ extendToGraphemes: false }))[0]?.mentions).toMatchObject([{ start: 0, end: 5 }]);
  });

  test('tokenizes large requests in rounds', async () => {
    const { engine, tokenizer } = create();
    // Four estimated tokens each, and long ones that are a round by themselves; the shortest go first.
    const many = await engine.analyze(Array(5_000).fill('Anna'), { aggregation: 'simple' });
    expect(many.length).toBe(5_000);
    expect(tokenizer.encoded.map((texts) => texts.length)).toEqual([2_048, 2_048, 904]);
    const mixed = ['a'.repeat(200_000), 'Anna', 'b'.repeat(70_000)];
    await engine.analyze(mixed, { aggregation: 'simple' });
    expect(tokenizer.encoded.slice(3)).toEqual([['Anna'], [mixed[2]], [mixed[0]]]);
  });

  test('stops between batches', async () => {
    const { engine, runner } = create({ batchTokens: 3 });
    const controller = new AbortController();
    runner.before = () => {
      if (runner.batches.length === 1) controller.abort(new Error('not needed any more'));
    };
    const work = engine.analyze(Array(9).fill('Anna'), { aggregation: 'simple', signal: controller.signal });
    await expect(work).rejects.toThrow('not needed any more');
    expect(runner.batches.length).toBe(2);
  });

  test('takes a model without heads', async () => {
    const runner = {
      ...new FakeRunner(),
      run: async () => ({}),
      runMasks: async () => new Float32Array(),
    };
    const engine = new Engine(fakeDescription, new FakeTokenizer(), runner);
    expect(await engine.analyze(['Anna'], { aggregation: 'simple' })).toEqual([
      { mentions: [], sentiment: [] },
    ]);
  });
});

describe('fillMask', () => {
  test('predicts each mask by itself, whole pieces and special tokens included', async () => {
    const { engine } = create();
    const predictions = await engine.fillMask('😀 Ber[MASK] 東[MASK] [MASK]', { topK: 2 });
    const certain = Math.exp(5) / (Math.exp(5) + 19);
    expect(
      predictions.map(({ mask, candidates }) => ({
        ...mask,
        best: candidates[0]?.token,
        count: candidates.length,
      })),
    ).toEqual([
      { start: 6, end: 12, best: '##lin', count: 2 },
      { start: 14, end: 20, best: '京', count: 2 },
      { start: 21, end: 27, best: 'Anna', count: 2 },
    ]);
    expect(predictions[0]?.candidates).toEqual([
      { tokenId: 7, token: '##lin', text: '##lin', score: expect.closeTo(certain, 6) },
      { tokenId: 0, token: '[PAD]', text: '[PAD]', score: expect.closeTo(1 / (Math.exp(5) + 19), 6) },
    ]);
  });

  test('cuts long texts around the masks', async () => {
    const { engine, runner } = create();
    const text = `[MASK] ${'the '.repeat(50)}Ber[MASK]${' the'.repeat(50)}`;
    const predictions = await engine.fillMask(text, { topK: 1 });
    expect(predictions.map(({ mask, candidates }) => [mask.start, candidates[0]?.token])).toEqual([
      [0, '[SEP]'],
      [210, '##lin'],
    ]);
    expect(runner.batches.map(({ rows, columns }) => [rows, columns])).toEqual([
      [2, fakeDescription.maxTokens],
    ]);
  });

  test('runs the mask head on the masks only, a limited number at a time', async () => {
    const { engine, runner } = create();
    expect((await engine.fillMask('[MASK] '.repeat(40), { topK: 1 })).length).toBe(40);
    expect(runner.maskRows).toEqual([16, 16, 8]);
  });

  test('restricts candidates to targets; an unknown one counts as its first piece', async () => {
    const warnings: string[] = [];
    const logger = { info: () => {}, error: () => {}, warn: (message: string) => warnings.push(message) };
    const { engine } = create({ logger });
    const [prediction] = await engine.fillMask('[MASK]', {
      topK: 5,
      targets: ['city', 'Berlins', 'city', ' '],
    });
    expect(prediction?.candidates.map(({ token }) => token)).toEqual(['Ber', 'city']);
    expect(warnings).toEqual([
      'A fill-mask target is not in the vocabulary; its first word piece stands for it.',
      'A fill-mask target has no word piece and is ignored.',
    ]);
  });

  test.each([
    ['no mask', 'Anna', {}, 'The text holds no mask token ([MASK]).'],
    [
      'no usable target',
      '[MASK]',
      { targets: [' '] },
      'None of the fill-mask targets can be expressed by the model.',
    ],
  ])('%s is an error', async (_, text, options, message) => {
    await expect(create().engine.fillMask(text, { topK: 5, ...options })).rejects.toThrow(
      new EngineError(message),
    );
  });
});
