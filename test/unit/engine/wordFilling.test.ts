import { describe, expect, test } from 'vitest';
import { Engine } from '../../../server/src/core/engine';
import type { EncoderBatch, TokenPlace, WordOptions } from '../../../server/src/core/ports';
import { FakeRunner, FakeTokenizer, fakeDescription } from './fakeModel';

const tokenizer = new FakeTokenizer();
const size = fakeDescription.vocabularySize;

/**
 * Probabilities of the next piece, by what is chosen of the word and how many masks follow, the predicted one
 * included. What is not named has next to none.
 */
const next: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '1': { Paris: 0.4, '##s': 0.2, city: 0.2, '.': 0.1, 東: 0.06 },
  '2': { Ber: 0.5, city: 0.3, Paris: 0.1, 東: 0.05 },
  'Ber 1': { '##lin': 0.7, '##na': 0.1, city: 0.2 },
  'city 1': { '##s': 0.5, 京: 0.4 },
  'Paris 1': { '##s': 0.2 },
  '東 1': { 京: 0.9, '##s': 0.1 },
  '3': { Ber: 0.1 },
  'Ber 2': { '##na': 0.3 },
  'Ber ##na 1': { '##lin': 0.5 },
};

/** Obeys the table for the first run of masks in a row that is asked about. */
class TableRunner extends FakeRunner {
  readonly rows: string[] = [];

  override async runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array> {
    const logits = new Float32Array(places.length * size).fill(-30);
    for (const [i, { row, column }] of places.entries()) {
      const ids = [...batch.inputIds.slice(row * batch.columns, (row + 1) * batch.columns)].map(Number);
      const tokens = ids.map((id) => tokenizer.idToToken(id) ?? '');
      this.rows.push(tokens.join(' '));
      // The word stands behind "in".
      const word = tokens.slice(tokens.indexOf('in') + 1, column);
      let masks = 0;
      while (tokens[column + masks] === '[MASK]') masks++;
      const table = next[[...word, masks].join(' ')] ?? {};
      for (const [token, probability] of Object.entries(table))
        logits[i * size + (tokenizer.tokenToId(token) ?? 0)] = Math.log(probability);
      const rest = 1 - Object.values(table).reduce((sum, probability) => sum + probability, 0);
      if (rest > 1e-9) logits[i * size] = Math.log(rest);
    }
    return logits;
  }
}

async function fill(text: string, options: Partial<WordOptions> = {}) {
  const runner = new TableRunner();
  const engine = new Engine(fakeDescription, tokenizer, runner, { batchTokens: 1_000 });
  const found = await engine.fillWords(text, { masks: [{ index: 0 }], topK: 9, ...options });
  return { runner, words: found.map(({ texts, score, pieces }) => `${texts} ${score.toFixed(4)} ${pieces}`) };
}

describe('words for a mask', () => {
  test('of one and of several pieces, by their probability', async () => {
    const { words } = await fill('in [MASK].');
    expect(words).toEqual([
      'Paris 0.4000 1',
      'Berlin 0.3500 2',
      'city 0.2000 1',
      'citys 0.1500 2',
      '. 0.1000 1',
      '東 0.0600 1',
      'Berna 0.0500 2',
      '東京 0.0450 2',
      'Pariss 0.0200 2',
    ]);
  });

  test('of three pieces', async () => {
    const { words } = await fill('in [MASK].', { topK: 10 });
    expect(words.at(-1)).toBe('Bernalin 0.0150 3');
  });

  test('that begin as was typed, in whatever case', async () => {
    expect((await fill('in [MASK].', { masks: [{ index: 0, prefix: 'berl' }], topK: 1 })).words).toEqual([
      'Berlin 0.3500 2',
    ]);
    expect((await fill('in [MASK].', { masks: [{ index: 0, prefix: 'C' }], topK: 2 })).words).toEqual([
      'city 0.2000 1',
      'citys 0.1500 2',
    ]);
  });

  test('of a list, whatever their number of pieces; what the model cannot express is left out', async () => {
    const words = ['Berlin', 'city', 'Bernalin', 'xyz', '東京'];
    const listed = await fill('in [MASK].', { words });
    expect(listed.words).toEqual(['Berlin 0.3500 2', 'city 0.2000 1', '東京 0.0450 2', 'Bernalin 0.0150 3']);
    expect((await fill('in [MASK].', { words, masks: [{ index: 0, prefix: 'b' }] })).words).toEqual([
      'Berlin 0.3500 2',
      'Bernalin 0.0150 3',
    ]);
    expect((await fill('in [MASK].', { words, masks: [{ index: 0, prefix: 'q' }] })).words).toEqual([]);
    await expect(fill('in [MASK].', { words: ['xyz'] })).rejects.toThrow('none of the words');
  });

  test('while other masks stay masks', async () => {
    const { runner, words } = await fill('[MASK] likes in [MASK].', { masks: [{ index: 1 }], topK: 1 });
    expect(words).toEqual(['Paris 0.4000 1']);
    expect(runner.rows[0]).toMatch(/^\[CLS\] \[MASK\] likes in \[MASK\]/);
  });

  test('in a window that has room for all pieces', async () => {
    const long = `${'the city is '.repeat(6)}in [MASK].`;
    const { runner, words } = await fill(long, { topK: 2 });
    expect(words).toEqual(['Paris 0.4000 1', 'Berlin 0.3500 2']);
    expect(Math.max(...runner.rows.map((row) => row.split(' ').length))).toBeLessThanOrEqual(12);
  });

  test('fail where there is no such mask', async () => {
    await expect(fill('in Paris.')).rejects.toThrow('The text holds no such mask token ([MASK]).');
    await expect(fill('in [MASK].', { masks: [{ index: 1 }] })).rejects.toThrow('no such mask');
  });
});
