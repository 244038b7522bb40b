import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggregationStrategies } from '../../server/src/core/tasks/results';
import { readModelFolder } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import { loadEngine } from './loadEngine';
import { type FamilyGolden, readFamilies, readSharedTexts } from './reference/familyGolden';
import { Comparison } from './reference/golden';

/*
 * Small models of every BERT family, against the pipelines of Hugging Face transformers. The table of docs/equality.md
 * is written when SUBTEXT_EQUALITY is 1, and compared otherwise.
 */

const report = join(root, 'docs/equality.md');
const { texts, hostileFrom } = readSharedTexts();
const families = readFamilies();
const comparisons = new Map<FamilyGolden, Promise<Comparison>>();

/** Of the graph as it is; each model is compared once. */
function comparisonOf(golden: FamilyGolden): Promise<Comparison> {
  const comparison = comparisons.get(golden) ?? compare(golden);
  comparisons.set(golden, comparison);
  return comparison;
}

/** The pipelines ran each text alone. Here all go together: neighbours in a batch must change nothing. */
async function compare(golden: FamilyGolden, stateDir?: string): Promise<Comparison> {
  const { model, entities = [], sentiment = [], masks = [], topK = 0 } = golden;
  const folder = readModelFolder({
    id: model,
    revision: '',
    path: join(root, 'test/fixtures/models', model),
  });
  // The tokenizer's own spans, as the pipelines give them.
  const engine = await loadEngine(folder, { extendToGraphemes: false }, { stateDir });
  const comparison = new Comparison();
  const textsOf = (results: readonly { readonly text: number }[]) =>
    results.map(({ text }) => texts[text] ?? '');

  for (const aggregation of entities.length > 0 ? aggregationStrategies : []) {
    const analyses = await engine.analyze(textsOf(entities), { aggregation });
    for (const [i, { text, mentions }] of entities.entries()) {
      const expected = mentions[aggregation];
      if (expected)
        comparison.mentions(`text ${text}, ${aggregation}`, expected, analyses[i]?.mentions ?? []);
    }
  }
  const analyses = await engine.analyze(textsOf(sentiment), { aggregation: 'simple' });
  for (const [i, { text, scores }] of sentiment.entries())
    comparison.scores(`text ${text}`, scores, analyses[i]?.sentiment ?? []);
  for (const [i, { text, targets, masks: expected }] of masks.entries()) {
    const predictions = await engine.fillMask(text, { topK, ...(targets && { targets }) });
    comparison.masks(`mask text ${i}`, expected, predictions);
  }
  return comparison;
}

const resultsOf = ({ entities, sentiment, masks }: FamilyGolden) => entities ?? sentiment ?? masks ?? [];

describe('small models of every family, against the pipelines of Hugging Face transformers', () => {
  it('cover all texts, strategies, windows and several masks', () => {
    const used = new Set(
      families
        .flatMap(({ entities = [], sentiment = [] }) => [...entities, ...sentiment])
        .map(({ text }) => text),
    );
    expect(used.size).toBe(texts.length);
    expect(hostileFrom).toBeGreaterThan(300);
    for (const { model, entities, sentiment, masks } of families) {
      if (entities) {
        for (const strategy of aggregationStrategies) {
          const found = entities.filter(({ mentions }) => (mentions[strategy] ?? []).length > 0);
          expect(found.length, `texts with mentions, ${model}, ${strategy}`).toBeGreaterThan(40);
        }
        expect(entities.filter(({ mentions }) => !mentions.none).length, model).toBeGreaterThan(4);
      }
      if (sentiment) {
        const first = sentiment.map(({ scores }) => scores[0] ?? 0);
        expect(Math.max(...first) - Math.min(...first), `scores of ${model}`).toBeGreaterThan(0.2);
      }
      if (masks) expect(masks.filter((text) => text.masks.length > 1).length, model).toBeGreaterThan(3);
    }
  });

  it.each(families.map((golden) => [golden.model, golden] as const))('%s', async (_, golden) => {
    expect((await comparisonOf(golden)).differences).toEqual([]);
  });

  it('fill masks the same with graphs that are prepared for it', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'subtext-families-'));
    try {
      for (const golden of families.filter(({ masks }) => masks)) {
        expect((await compare(golden, stateDir)).differences, golden.model).toEqual([]);
      }
      const prepared = await readdir(join(stateDir, 'prepared'));
      expect(prepared.length).toBe(families.filter(({ masks }) => masks).length);
    } finally {
      await rm(stateDir, { recursive: true });
    }
  });

  it('are as docs/equality.md says', async () => {
    const rows = await Promise.all(
      families.map(async (golden) => {
        const { compared, differences, largest } = await comparisonOf(golden);
        return { golden, counts: [resultsOf(golden).length, compared, differences.length], largest };
      }),
    );
    const before = readFileSync(report, 'utf8');
    if (process.env['SUBTEXT_EQUALITY'] === '1') {
      const table = rows.map(
        ({ golden, counts, largest }) =>
          `| \`${golden.model}\` | ${counts.join(' | ')} | ${largest.toExponential(0)} |\n`,
      );
      const sum = (column: number) => rows.reduce((total, { counts }) => total + (counts[column] ?? 0), 0);
      const largest = Math.max(...rows.map((row) => row.largest)).toExponential(0);
      table.push(`| **together** | ${[0, 1, 2].map(sum).join(' | ')} | ${largest} |\n`);
      writeFileSync(report, before.replace(/(?<=\n\| --- .*\n)(?:\| .*\n)+/, table.join('')));
    }
    // The largest differences depend on the processor.
    const told = [...readFileSync(report, 'utf8').matchAll(/^\| `(.*)` \| (.*) \| .* \|$/gm)];
    expect(told.map(([, model, counts]) => `${model}: ${counts}`)).toEqual(
      rows.map(({ golden, counts }) => `${golden.model}: ${counts.join(' | ')}`),
    );
  });
});
