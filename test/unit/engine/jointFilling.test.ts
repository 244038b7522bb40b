import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Engine } from '../../../server/src/core/engine';
import type { EncoderBatch, TokenPlace } from '../../../server/src/core/ports';
import { FakeRunner, FakeTokenizer, fakeDescription } from './fakeModel';

const tokenizer = new FakeTokenizer();
const { vocabularySize } = fakeDescription;
const maskId = tokenizer.tokenToId('[MASK]') ?? 0;

/** Any model: what it says of a place depends on all that it sees, and is the same each time. */
class AnyRunner extends FakeRunner {
  readonly #seed: number;

  constructor(seed: number) {
    super();
    this.#seed = seed;
  }

  override async runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array> {
    return Float32Array.from(
      places.flatMap(({ row, column }) => {
        const ids = [...batch.inputIds.slice(row * batch.columns, (row + 1) * batch.columns)].map(Number);
        return this.logits(ids.slice(0, ids.indexOf(3) + 1), column);
      }),
    );
  }

  logits(ids: readonly number[], column: number): readonly number[] {
    return Array.from({ length: vocabularySize }, (_, id) => {
      let hash = this.#seed;
      for (const number of [...ids, column, id]) hash = (Math.imul(hash, 31) + number * 7_919) | 0;
      return ((hash >>> 8) % 1_000) / 200;
    });
  }
}

const probabilities = (logits: readonly number[]): readonly number[] => {
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((logit) => Math.exp(logit) / total);
};

/** The product of the conditional probabilities of all pieces, mask by mask, from the definition. */
async function scoreByHand(runner: AnyRunner, text: string, words: readonly string[]): Promise<number> {
  const [given] = await tokenizer.encode([text]);
  const start = given?.ids ?? [];
  const places = start.flatMap((id, i) => (id === maskId ? [i] : []));
  const encoded = await tokenizer.encode(words);
  const pieces = encoded.map(({ ids, specialTokensMask }) =>
    ids.filter((_, i) => specialTokensMask[i] === 0),
  );
  const parts: (readonly number[])[] = start.map((id) => [id]);
  let score = 1;
  for (const [mask, place] of places.entries()) {
    const word = pieces[mask] ?? [];
    for (const [at, piece] of word.entries()) {
      parts[place] = word.map((id, i) => (i < at ? id : maskId));
      const column = parts.slice(0, place).flat().length + at;
      score *= probabilities(runner.logits(parts.flat(), column))[piece] ?? 0;
    }
    parts[place] = word;
  }
  return score;
}

const fill = (runner: AnyRunner, text: string, masks: readonly { index: number }[], topK = 20) =>
  new Engine({ ...fakeDescription, maxTokens: 40 }, tokenizer, runner).fillWords(text, { masks, topK });

const texts = ['[MASK] likes [MASK].', 'Anna [MASK] [MASK] in the [MASK].', 'in [MASK] is [MASK] Paris'];

describe('several masks', () => {
  test('are filled with the probability of all words as defined, best first, each filling once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(...texts), async (seed, text) => {
        const runner = new AnyRunner(seed);
        const masks = [...text.matchAll(/\[MASK\]/g)].map((_, index) => ({ index }));
        const found = await fill(runner, text, masks);
        expect(found).toHaveLength(20);
        expect(new Set(found.map(({ texts: words }) => words.join('|'))).size).toBe(20);
        const scores = found.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const { texts: words, score } of found) {
          expect(words).toHaveLength(masks.length);
          expect(score / (await scoreByHand(runner, text, words))).toBeCloseTo(1, 4);
        }
      }),
      { numRuns: 20 },
    );
  });

  test('of which one is asked for leave the others masks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const runner = new AnyRunner(seed);
        const found = await fill(runner, 'Anna [MASK] in [MASK].', [{ index: 1 }]);
        const words = found.filter(({ pieces }) => pieces === 1);
        expect(words.length).toBeGreaterThan(0);
        const [given] = await tokenizer.encode(['Anna [MASK] in [MASK].']);
        const single = probabilities(runner.logits(given?.ids ?? [], 4));
        for (const {
          texts: [word = ''],
          score,
        } of words)
          expect(score).toBeCloseTo(single[tokenizer.tokenToId(word) ?? 0] ?? 0, 5);
      }),
      { numRuns: 20 },
    );
  });

  test('that do not fit into one window are refused', async () => {
    const engine = new Engine({ ...fakeDescription, maxTokens: 24 }, tokenizer, new AnyRunner(1));
    const text = `[MASK] ${'the city is '.repeat(9)}[MASK].`;
    const filling = engine.fillWords(text, { masks: [{ index: 0 }, { index: 1 }], topK: 3 });
    await expect(filling).rejects.toThrow('too far apart');
  });
});
