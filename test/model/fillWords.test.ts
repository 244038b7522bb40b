import { beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../server/src/core/engine';
import type { WordCandidate } from '../../server/src/core/tasks/results';
import { loadBundledEngine } from './bundledEngine';

/*
 * What holds for any model: the words of two ways to the same answer. Which words the bundled one finds is its own
 * affair.
 */

const texts = [
  'The capital of France is [MASK].',
  'Er arbeitet als [MASK] in einem Krankenhaus.',
  '他住在[MASK]，是中国的首都。',
  '[MASK] and [MASK] live in 😀 Reykjavík.',
];
let engine: Engine;
beforeAll(async () => {
  ({ engine } = await loadBundledEngine());
});

const scores = (candidates: readonly Pick<WordCandidate, 'text' | 'score'>[]) =>
  new Map(candidates.map(({ text, score }) => [text, score]));

describe.each(texts)('%s', (text) => {
  let found: readonly WordCandidate[];
  beforeAll(async () => {
    found = await engine.fillWords(text, { mask: 0, topK: 60 });
  });

  test('words come in the order of their scores, each once', () => {
    expect(found.length).toBeGreaterThan(10);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    expect(new Set(found.map(({ text: word, pieces }) => `${word} ${pieces}`)).size).toBe(found.length);
  });

  test('words of one piece score as in the pipeline', async () => {
    const [prediction] = await engine.fillMask(text, { topK: 500 });
    const expected = scores(prediction?.candidates ?? []);
    for (const { text: word, score, pieces } of found)
      if (pieces === 1 && expected.has(word)) expect(score).toBeCloseTo(expected.get(word) ?? 0, 5);
  });

  test('have as many pieces as the tokenizer makes of them, and score as when they are asked for', async () => {
    const words = found.filter(({ pieces, text: word }) => pieces > 1 || /^\p{L}+$/u.test(word)).slice(0, 20);
    const listed = await engine.fillWords(text, {
      mask: 0,
      topK: 60,
      words: words.map((candidate) => candidate.text),
    });
    expect(new Set(listed.map((candidate) => candidate.text))).toEqual(
      new Set(words.map((candidate) => candidate.text)),
    );
    for (const { text: word, score, pieces } of words) {
      const tokens = (await engine.inspect(word)).tokens.filter(({ isSpecial }) => !isSpecial);
      expect(tokens).toHaveLength(pieces);
      expect(scores(listed).get(word)).toBeCloseTo(score, 5);
    }
  });
});

test('words begin as was typed', async () => {
  const found = await engine.fillWords('The capital of France is [MASK].', {
    mask: 0,
    topK: 9,
    prefix: 'Un',
  });
  expect(found.length).toBeGreaterThan(0);
  for (const { text } of found) expect(text.toLowerCase()).toMatch(/^un/);
});
