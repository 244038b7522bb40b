import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/src/core/engine';
import { leastScoreOf, type RecommendedScores } from '../../server/src/core/tasks/leastScores';
import { extractAll } from '../../server/src/core/text/extractors';
import { type Span, shiftSpan } from '../../server/src/core/text/span';
import { settingsSchema } from '../../server/src/settings/schema';
import { root } from '../support/paths';
import { loadBundledEngine } from './bundledEngine';
import { roundingBound } from './reference/golden';

/** What a user sees of one sentence with the default settings, and where in the document. */
interface SeenSentence extends Span {
  readonly sentiment: readonly number[];
  readonly entities: readonly (Span & { readonly type: string; readonly score: number })[];
}

const aggregation = settingsSchema['entities.aggregation'].default;
const negativeThreshold = settingsSchema['sentiment.threshold'].default;

/** Samples by their language; `mixed` has none. */
const codes = {
  english: 'en',
  chinese: 'zh',
  german: 'de',
  french: 'fr',
  spanish: 'es',
  arabic: 'ar',
  japanese: 'ja',
} as const;
const languages = Object.keys(codes) as (keyof typeof codes)[];

let engine: Engine;
let labels: readonly string[];
let recommended: RecommendedScores | undefined;

beforeAll(async () => {
  const loaded = await loadBundledEngine();
  engine = loaded.engine;
  labels = loaded.folder.description.sentimentLabels;
  recommended = loaded.folder.description.leastScores;
});

const readSample = (file: string): string => readFileSync(join(root, 'samples', file), 'utf8');

async function analyze(text: string, languageId: string, code?: string): Promise<readonly SeenSentence[]> {
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
      .filter(({ type, score }) => score >= leastScoreOf(type, recommended, code))
      .map((mention) => ({
        ...shiftSpan(sentence.toSource(mention), start),
        type: mention.type,
        score: mention.score,
      })),
  }));
}

/** Records are written when this is set, and compared otherwise. */
const isRecording = process.env['SUBTEXT_RECORD_SAMPLES'] === '1';

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

/** A sentence of a snapshot; scores of entities by their type, place and text. */
interface RecordedSentence {
  readonly head: string;
  readonly sentiment: readonly number[];
  readonly entities: ReadonlyMap<string, number>;
}

function readSnapshot(snapshot: string): readonly RecordedSentence[] {
  const blocks = snapshot.trimEnd().split(/\n(?! )/);
  return blocks.map((block) => {
    const [head = '', sentiment = '', ...entities] = block.split('\n');
    return {
      head,
      sentiment: [...sentiment.matchAll(/\d\.\d\d/g)].map(([score]) => Number(score)),
      entities: new Map(
        entities.map((line) => {
          const [, type = '', score, place = ''] = /^ {2}(\S+) (\S+) (.*)$/.exec(line) ?? [];
          return [`${type} ${place}`, Number(score)];
        }),
      ),
    };
  });
}

/** How far scores may be from recorded ones, which were computed on another processor (docs/equality.md). */
const margin = roundingBound.largest;

/** What a snapshot says for certain: entities that another rounding might hide are left out. */
const certainEntities = ({ entities }: RecordedSentence, code: string | undefined): readonly string[] =>
  [...entities].flatMap(([entity, score]) => {
    const [type = ''] = entity.split(' ');
    return score >= leastScoreOf(type, recommended, code) + margin ? [entity] : [];
  });

function expectAsRecorded(name: string, snapshot: string, code?: string): void {
  const file = join(root, 'test/model/samples', `${name}.snapshot`);
  if (isRecording) writeFileSync(file, snapshot);
  const expected = readSnapshot(readFileSync(file, 'utf8'));
  const actual = readSnapshot(snapshot);
  expect(actual.map(({ head }) => head)).toEqual(expected.map(({ head }) => head));
  expect(expected.flatMap((sentence) => certainEntities(sentence, code)).length).toBeGreaterThan(3);
  for (const [i, recorded] of expected.entries()) {
    const found = actual[i];
    if (!found) throw new Error('There are as many sentences.');
    expect([...found.entities.keys()], recorded.head).toEqual(
      expect.arrayContaining([...certainEntities(recorded, code)]),
    );
    expect([...recorded.entities.keys()], recorded.head).toEqual(
      expect.arrayContaining([...certainEntities(found, code)]),
    );
    const pairs = [
      ...recorded.sentiment.map((score, j) => [score, found.sentiment[j] ?? Number.NaN] as const),
      ...[...recorded.entities].map(
        ([entity, score]) => [score, found.entities.get(entity) ?? score] as const,
      ),
    ];
    for (const [score, other] of pairs) expect(Math.abs(score - other), recorded.head).toBeLessThan(margin);
  }
}

const entityTexts = (text: string, sentences: readonly SeenSentence[]): readonly string[] =>
  sentences.flatMap(({ entities }) => entities.map(({ start, end }) => text.slice(start, end)));

describe('the samples, as a user sees them with the default settings', () => {
  it.each(languages)('%s', async (language) => {
    const text = readSample(`${language}.txt`);
    const sentences = await analyze(text, 'plaintext', codes[language]);
    expect(entityTexts(text, sentences).length).toBeGreaterThan(0);
    expectAsRecorded(language, toSnapshot(text, sentences), codes[language]);
  });

  it('mixed Markdown', async () => {
    const text = readSample('mixed.md');
    const sentences = await analyze(text, 'markdown');
    const found = entityTexts(text, sentences);
    expect(found.filter((entity) => entity.includes('Churchill') || entity.includes('Einstein'))).toEqual([]);
    expectAsRecorded('mixed', toSnapshot(text, sentences));
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
