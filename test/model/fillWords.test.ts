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
  'They say that <mask> and <mask> live in 😀 Reykjavík.',
];
let engine: Engine;
beforeAll(async () => {
  ({ engine } = await loadBundledEngine());
});

const wordOf = ({ texts: [word = ''] }: WordCandidate): string => word;
/** A vocabulary may have one word in several spellings, with and without the mark of a beginning: the best comes first. */
const bestFirst = <T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> =>
  new Map([...entries].reverse());
const scores = (candidates: readonly WordCandidate[]) =>
  bestFirst(candidates.map((candidate) => [wordOf(candidate), candidate.score]));

describe.each(texts)('%s', (text) => {
  let found: readonly WordCandidate[];
  beforeAll(async () => {
    found = await engine.fillWords(text, { masks: [{ index: 0 }], topK: 60 });
  });

  test('words come in the order of their scores', () => {
    expect(found.length).toBeGreaterThan(10);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
  });

  test('words of one piece score as in the pipeline', async () => {
    const [prediction] = await engine.fillMask(text, { topK: 500 });
    const expected = bestFirst((prediction?.candidates ?? []).map(({ text: word, score }) => [word, score]));
    const words = bestFirst(
      found.filter(({ pieces }) => pieces === 1).map((candidate) => [wordOf(candidate), candidate.score]),
    );
    let compared = 0;
    for (const [word, actual] of words) {
      const score = expected.get(word);
      // A piece for the inside of words may be spelled the same and is no word.
      if (score === undefined || actual < score * 0.99) continue;
      expect(actual).toBeCloseTo(score, 5);
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
  });

  // Without a space before the mask, a vocabulary that marks beginnings has other pieces for a word by itself.
  test.skipIf(!text.includes(' <mask>'))('score as when they are asked for, in as many pieces', async () => {
    const seen = new Set<string>();
    const words = found
      .filter((candidate) => candidate.pieces > 1 || /^\p{L}+$/u.test(wordOf(candidate)))
      .filter((candidate) => !/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(wordOf(candidate)))
      .filter((candidate) => !seen.has(wordOf(candidate)) && seen.add(wordOf(candidate)))
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
