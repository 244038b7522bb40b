import { describe, expect, it } from 'vitest';
import { evaluateEntities, toTypes } from '../../../../server/src/cli/evaluate/evaluateEntities';
import { evaluateFillMask } from '../../../../server/src/cli/evaluate/evaluateFillMask';
import { evaluateSentiment } from '../../../../server/src/cli/evaluate/evaluateSentiment';
import { readEntities } from '../../../../server/src/cli/evaluate/readEntities';
import type { AnalysisEngine } from '../../../../server/src/core/ports';
import { fakeModel } from '../../../support/fakeEngine';

const mention = (start: number, end: number, type: string) => ({ start, end, type, score: 1 });

describe('evaluateEntities', () => {
  it('blames nobody for types that the other side does not have', () => {
    const texts = readEntities('Ada B-PER\nin O\nMay B-DATE\n\nParis I-LOC\n', 'a', 'en');
    const found = [
      [mention(0, 3, 'PER'), mention(7, 10, 'PER')],
      [mention(0, 5, 'LOC'), mention(1, 2, 'ORG')],
    ];
    const scores = evaluateEntities(texts, found, ['PER', 'LOC', 'ORG']);
    expect(scores.leftOut).toEqual({
      unknown: [{ type: 'DATE', count: 1 }],
      overUnknown: [{ type: 'PER', count: 1 }],
      notAnnotated: [{ type: 'ORG', count: 1 }],
    });
    expect(scores.micro).toEqual({ annotated: 2, found: 2, right: 2, precision: 1, recall: 1, f1: 1 });
  });

  it('scores types and languages apart', () => {
    const row = (lang: string, tokens: string[], tags: string[]) =>
      JSON.stringify({ lang, source: 's', tokens, tags });
    const texts = readEntities(
      [
        row('de', ['Ada', 'Bern'], ['B-PER', 'B-LOC']),
        row('de', ['Ada'], ['B-PER']),
        row('zh', ['巴', '黎', '好'], ['B-LOC', 'I-LOC', 'O']),
        row('fr', ['rien'], ['O']),
      ].join('\n'),
      'a.jsonl',
      undefined,
    );
    const found = [[mention(0, 3, 'PER'), mention(4, 8, 'PER')], [], [mention(0, 3, 'LOC')], []];
    const scores = evaluateEntities(texts, found, ['PER', 'LOC', 'ORG']);
    expect(scores.types).toEqual([
      { name: 'PER', sentences: 4, annotated: 2, found: 2, right: 1, precision: 0.5, recall: 0.5, f1: 0.5 },
      { name: 'LOC', sentences: 4, annotated: 2, found: 1, right: 0, precision: 0, recall: 0, f1: 0 },
    ]);
    expect(scores.languages.map(({ name, f1 }) => [name, f1])).toEqual([
      ['de', 0.4],
      ['fr', 0],
      ['zh', 0],
    ]);
    // French has nothing to find, so it does not count.
    expect([scores.micro.f1, scores.macroTypes.f1, scores.macroLanguages.f1]).toEqual([2 / 7, 0.25, 0.2]);
    expect(scores.errors).toEqual({ type: 1, boundary: 1, both: 0, missed: 1, spurious: 0 });
    expect(scores.confusedTypes).toEqual([{ annotated: 'LOC', found: 'PER', count: 1 }]);
  });

  it('knows the types of a token head', () => {
    expect(toTypes(['O', 'B-PER', 'I-PER', 'S-LOC', 'MISC'])).toEqual(['PER', 'LOC', 'MISC']);
  });
});

describe('evaluateSentiment', () => {
  it('scores languages apart', () => {
    const text = (language: string, annotated: number, probabilities: number[]) => ({
      text: 'x',
      line: 1,
      language,
      annotated,
      probabilities,
    });
    const texts = [text('de', 0, [0.8, 0.2]), text('de', 1, [0.8, 0.2]), text('fr', 1, [0, 1])];
    const scores = evaluateSentiment(texts, ['no', 'yes']);
    expect(scores.accuracy).toBeCloseTo(2 / 3, 12);
    expect(scores.languages.map(({ name, accuracy }) => [name, accuracy])).toEqual([
      ['de', 0.5],
      ['fr', 1],
    ]);
    expect(scores.macroLanguages.accuracy).toBe(0.75);
    // Two answers of 0.8, one of them right, and one of 1.
    expect(scores.calibrationError).toBeCloseTo(0.6 / 3, 12);
    expect(scores.languages[0]?.calibrationError).toBeCloseTo(0.3, 12);
  });
});

/** Knows a few words, each with a fixed probability; what it is asked is kept. */
const wordEngine = () => {
  const known: Readonly<Record<string, number>> = { the: 0.5, cat: 0.25, 猫: 0.125, rare: 0, '[MASK]': 0.01 };
  const asked: string[] = [];
  const engine: AnalysisEngine & { model: typeof fakeModel } = {
    model: fakeModel,
    analyze: async () => [],
    fillMask: async (text, { topK, targets }) => {
      if (!targets) asked.push(text);
      const start = text.indexOf('[MASK]');
      const words = targets ? targets.map((word) => (word in known ? word : '##x')) : ['the', 'a', 'cat'];
      const candidates = words
        .slice(0, topK)
        .map((token, tokenId) => ({ tokenId, token, text: token, score: known[token] ?? 0 }));
      return [{ mask: { start, end: start + 6 }, candidates }];
    },
  };
  return { engine, asked };
};

describe('evaluateFillMask', () => {
  const options = { sample: 10, seed: 1, signal: new AbortController().signal, onProgress: () => {} };
  const text = (line: string, language: string) => ({ text: line, language, line: 1 });

  it('masks every word of one piece once', async () => {
    const { engine, asked } = wordEngine();
    const texts = [text('the cat, 😀 purring', 'en'), text('猫!', 'zh'), text('the [MASK]', 'en')];
    const scores = await evaluateFillMask(texts, engine, options);
    expect([...asked].sort()).toEqual(['[MASK] cat, 😀 purring', '[MASK]!', 'the [MASK], 😀 purring'].sort());
    expect(scores.languages).toEqual([
      {
        name: 'en',
        words: 2,
        drawn: 3,
        top1: 0.5,
        top5: 1,
        meanLogLikelihood: expect.closeTo(Math.log(0.125) / 2, 12),
        pseudoPerplexity: expect.closeTo(Math.sqrt(8), 12),
      },
      {
        name: 'zh',
        words: 1,
        drawn: 1,
        top1: 0,
        top5: 0,
        meanLogLikelihood: expect.closeTo(Math.log(0.125), 12),
        pseudoPerplexity: expect.closeTo(8, 12),
      },
    ]);
    expect(scores).toMatchObject({ words: 3, drawn: 4, macroLanguages: { top1: 0.25, top5: 0.5 } });
    expect(scores.pseudoPerplexity).toBeCloseTo(4, 12);
  });

  it('takes as many words as it is told, the same ones for a seed', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => text(`the ${i}`, 'en'));
    const draw = async (seed: number) => {
      const { engine, asked } = wordEngine();
      expect((await evaluateFillMask(texts, engine, { ...options, sample: 5, seed })).words).toBe(5);
      return asked;
    };
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(2)).not.toEqual(await draw(1));
  });

  it('is finite for a word that the model thinks impossible, and without any word', async () => {
    const { engine } = wordEngine();
    expect((await evaluateFillMask([text('rare', 'en')], engine, options)).meanLogLikelihood).toBeLessThan(
      -700,
    );
    expect(await evaluateFillMask([text('…', 'en')], engine, options)).toMatchObject({ words: 0, top1: 0 });
  });
});
