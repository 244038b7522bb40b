import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/src/core/engine';
import { extractAll } from '../../server/src/core/text/extractors';
import { type Span, shiftSpan } from '../../server/src/core/text/span';
import { settingsSchema } from '../../server/src/settings/schema';
import { root } from '../support/paths';
import { loadBundledEngine } from './bundledEngine';

/** What a user sees of one sentence with the default settings, and where in the document. */
interface SeenSentence extends Span {
  readonly sentiment: readonly number[];
  readonly entities: readonly (Span & { readonly type: string; readonly score: number })[];
}

const aggregation = settingsSchema['entities.aggregation'].default;
const entityThreshold = settingsSchema['entities.threshold'].default;
const negativeThreshold = settingsSchema['sentiment.threshold'].default;

const languages = ['english', 'chinese', 'german', 'french', 'spanish', 'arabic', 'japanese'];

let engine: Engine;
let labels: readonly string[];

beforeAll(async () => {
  const loaded = await loadBundledEngine();
  engine = loaded.engine;
  labels = loaded.folder.description.sentimentLabels;
});

const readSample = (file: string): string => readFileSync(join(root, 'samples', file), 'utf8');

async function analyze(text: string, languageId: string): Promise<readonly SeenSentence[]> {
  const placed = extractAll(text, languageId).flatMap(({ start, block }) =>
    block.sentences.map((sentence) => ({ sentence, start })),
  );
  const analyses = await engine.analyze(
    placed.map(({ sentence }) => sentence.text),
    { aggregation },
  );
  return placed.map(({ sentence, start }, i) => ({
    ...shiftSpan(sentence.source, start),
    sentiment: analyses[i]?.sentiment ?? [],
    entities: (analyses[i]?.mentions ?? [])
      .filter(({ score }) => score >= entityThreshold)
      .map((mention) => ({
        ...shiftSpan(sentence.toSource(mention), start),
        type: mention.type,
        score: mention.score,
      })),
  }));
}

/** Two digits hold on every processor but for a score that happens to lie between two of them. */
const rounded = (score: number): string => score.toFixed(2);

const slice = (text: string, { start, end }: Span): string => JSON.stringify(text.slice(start, end));

function toSnapshot(text: string, sentences: readonly SeenSentence[]): string {
  const lines = sentences.flatMap((sentence) => [
    `${sentence.start}-${sentence.end} ${slice(text, sentence)}`,
    `  ${labels.map((label, i) => `${label} ${rounded(sentence.sentiment[i] ?? Number.NaN)}`).join(', ')}`,
    ...sentence.entities.map(
      (entity) =>
        `  ${entity.type} ${rounded(entity.score)} ${entity.start}-${entity.end} ${slice(text, entity)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

const entityTexts = (text: string, sentences: readonly SeenSentence[]): readonly string[] =>
  sentences.flatMap(({ entities }) => entities.map(({ start, end }) => text.slice(start, end)));

describe('the samples, as a user sees them with the default settings', () => {
  it.each(languages)('%s', async (language) => {
    const text = readSample(`${language}.txt`);
    const sentences = await analyze(text, 'plaintext');
    expect(entityTexts(text, sentences).length).toBeGreaterThan(0);
    await expect(toSnapshot(text, sentences)).toMatchFileSnapshot(`samples/${language}.snapshot`);
  });

  it('mixed Markdown', async () => {
    const text = readSample('mixed.md');
    const sentences = await analyze(text, 'markdown');
    const found = entityTexts(text, sentences);
    expect(found.filter((entity) => entity.includes('Churchill') || entity.includes('Einstein'))).toEqual([]);
    await expect(toSnapshot(text, sentences)).toMatchFileSnapshot('samples/mixed.snapshot');
  });

  it('hold strongly negative sentences, but not many', async () => {
    const counts = await Promise.all(
      languages.map(async (language) => {
        const sentences = await analyze(readSample(`${language}.txt`), 'plaintext');
        return sentences.filter(({ sentiment }) => (sentiment[0] ?? 0) >= negativeThreshold).length;
      }),
    );
    expect(labels[0]).toBe('negative');
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThan(4);
  });
});
