import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/src/core/engine';
import { type AggregationStrategy, aggregationStrategies } from '../../server/src/core/tasks/results';
import type { ModelFolder } from '../../server/src/models/modelFolder';
import { loadBundledEngine } from './bundledEngine';
import { Comparison, type GoldenMention, readGolden, roundingBound, tolerance } from './reference/golden';

/** The tokenizer's own spans, as the pipelines give them. */
const options = { extendToGraphemes: false };

const golden = readGolden();
let engine: Engine;
let folder: ModelFolder;

beforeAll(async () => {
  ({ engine, folder } = await loadBundledEngine(options));
});

async function compare(reference = golden): Promise<Comparison> {
  const comparison = new Comparison();
  // The pipelines ran each text alone. Here all go together: neighbours in a batch must change nothing.
  const texts = reference.texts.map(({ text }) => text);
  for (const aggregation of aggregationStrategies) {
    const analyses = await engine.analyze(texts, { aggregation });
    for (const [i, { mentions, sentiment }] of reference.texts.entries()) {
      const expected = mentions[aggregation];
      if (!expected) continue;
      comparison.mentions(`text ${i}, ${aggregation}`, expected, analyses[i]?.mentions ?? []);
      if (sentiment) comparison.scores(`text ${i}, sentiment`, sentiment, analyses[i]?.sentiment ?? []);
    }
  }
  for (const [i, { text, targets, masks }] of reference.masks.entries()) {
    const predictions = await engine.fillMask(text, { topK: reference.topK, ...(targets && { targets }) });
    comparison.masks(`mask text ${i}`, masks, predictions);
  }
  return comparison;
}

describe('the bundled model, against the pipelines of Hugging Face transformers', () => {
  it('is the one the golden results were made with', () => {
    expect(`${golden.model} ${golden.revision}`).toBe(
      `${folder.description.id} ${folder.description.revision}`,
    );
  });

  it('covers every strategy, windows, sentiment, and several masks', () => {
    const count = (strategy: AggregationStrategy) =>
      golden.texts.filter(({ mentions }) => (mentions[strategy] ?? []).length > 0).length;
    expect(golden.texts.length).toBeGreaterThan(200);
    for (const strategy of aggregationStrategies) expect(count(strategy)).toBeGreaterThan(100);
    expect(golden.texts.filter(({ sentiment }) => !sentiment).length).toBeGreaterThan(10);
    expect(golden.masks.filter(({ masks }) => masks.length > 1).length).toBeGreaterThan(3);
  });

  it('gives the same spans, labels, candidates and scores, but for what 8 bits round', async () => {
    const comparison = await compare();
    console.log(`${golden.texts.length} texts and ${golden.masks.length} mask texts: ${comparison.summary}`);
    comparison.expectWithin(roundingBound);
  });

  it('would notice a difference', async () => {
    const [text] = golden.texts.filter(({ mentions }) => (mentions.first ?? []).length > 0);
    const [mask] = golden.masks;
    if (!text?.sentiment || !mask) throw new Error('The golden results lack a text to perturb.');
    const change = (edit: (mention: GoldenMention) => GoldenMention) => ({
      ...text,
      mentions: {
        first: (text.mentions.first ?? []).map((mention, i) => (i === 0 ? edit(mention) : mention)),
      },
    });
    const sentiment = text.sentiment.map((score) => score + 2 * tolerance);
    const masks = mask.masks.map((one) => ({ ...one, candidates: [...one.candidates].reverse() }));
    const perturbed = [
      { ...golden, masks: [], texts: [change(([start, end, type, score]) => [start + 1, end, type, score])] },
      { ...golden, masks: [], texts: [change(([start, end, , score]) => [start, end, 'other', score])] },
      {
        ...golden,
        masks: [],
        texts: [change(([start, end, type, score]) => [start, end, type, score + 2 * tolerance])],
      },
      { ...golden, masks: [], texts: [{ ...text, mentions: { first: [] } }] },
      { ...golden, masks: [], texts: [{ ...text, sentiment }] },
      { ...golden, texts: [], masks: [{ ...mask, masks }] },
      { ...golden, texts: [], masks: [{ ...mask, masks: [] }] },
    ];
    for (const reference of perturbed) expect((await compare(reference)).differences).not.toEqual([]);
  });
});
