import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../server/src/core/engine';
import type { WordCandidate } from '../../server/src/core/tasks/results';
import { loadBundledEngine } from './bundledEngine';

/*
 * What holds for any model: the words of two ways to the same answer. Which words the bundled one finds is its own
 * affair.
 */

const texts = [
  'The capital of France is <mask>.',
  'Er arbeitet als <mask> in einem Krankenhaus.',
  '他住在<mask>，是中国的首都。',
  '<mask> and <mask> live in 😀 Reykjavík.',
];
let engine: Engine;
beforeAll(async () => {
  ({ engine } = await loadBundledEngine());
});

const wordOf = ({ texts: [word = ''] }: WordCandidate): string => word;
const scores = (candidates: readonly WordCandidate[]) =>
  new Map(candidates.map((candidate) => [wordOf(candidate), candidate.score]));

describe.each(texts)('%s', (text) => {
  let found: readonly WordCandidate[];
  beforeAll(async () => {
    found = await engine.fillWords(text, { masks: [{ index: 0 }], topK: 60 });
  });

  test('words come in the order of their scores, each once', () => {
    expect(found.length).toBeGreaterThan(10);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    expect(new Set(found.map((candidate) => `${wordOf(candidate)} ${candidate.pieces}`)).size).toBe(
      found.length,
    );
  });

  test('words of one piece score as in the pipeline', async () => {
    const [prediction] = await engine.fillMask(text, { topK: 500 });
    const expected = new Map(prediction?.candidates.map(({ text: word, score }) => [word, score]));
    for (const candidate of found.filter(({ pieces }) => pieces === 1)) {
      const score = expected.get(wordOf(candidate));
      if (score !== undefined) expect(candidate.score).toBeCloseTo(score, 5);
    }
  });

  test('have as many pieces as the tokenizer makes of them, and score as when they are asked for', async () => {
    const words = found
      .filter((candidate) => candidate.pieces > 1 || /^\p{L}+$/u.test(wordOf(candidate)))
      .slice(0, 20);
    const listed = await engine.fillWords(text, {
      masks: [{ index: 0 }],
      topK: 60,
      words: words.map(wordOf),
    });
    expect(new Set(listed.map(wordOf))).toEqual(new Set(words.map(wordOf)));
    for (const candidate of words) {
      const word = wordOf(candidate);
      const tokens = (await engine.inspect(word)).tokens.filter(({ isSpecial }) => !isSpecial);
      expect(tokens).toHaveLength(candidate.pieces);
      expect(scores(listed).get(word)).toBeCloseTo(candidate.score, 5);
    }
  });
});

test('words begin as was typed', async () => {
  const found = await engine.fillWords('The capital of France is <mask>.', {
    masks: [{ index: 0, prefix: 'Un' }],
    topK: 9,
  });
  expect(found.length).toBeGreaterThan(0);
  for (const candidate of found) expect(wordOf(candidate).toLowerCase()).toMatch(/^un/);
});
