import { expect, test } from 'vitest';
import { analysisSummary } from '../../../client/src/commands/analysisSummary';
import { entityKind } from '../../../client/src/entities/entityKinds';
import { toCandidateItems } from '../../../client/src/fillMask/candidateItems';
import { PercentSteps } from '../../../client/src/percentSteps';
import { settingTarget } from '../../../client/src/settingTarget';
import { english } from './localization';

test('candidates show their probability as a bar and in the number format of the locale', () => {
  const candidates = [
    { texts: ['Paris'], score: 0.8345 },
    { texts: ['巴黎'], score: 0.05 },
    { texts: ['باريس'], score: 0.0004 },
    { texts: ['🗼'], score: 0 },
    { texts: ['certain', '確か'], score: 0.25 },
  ];
  const lines = (locale: string) =>
    toCandidateItems(candidates, locale).map(({ label, description }) => `${label} ${description}`);
  expect(lines('en')).toEqual([
    'Paris \u2066▰▰▰▰▰▰▰▰▱▱ 83.5%\u2069',
    '巴黎 \u2066▰▱▱▱▱▱▱▱▱▱ 5.0%\u2069',
    'باريس \u2066▱▱▱▱▱▱▱▱▱▱ < 0.1%\u2069',
    '🗼 \u2066▱▱▱▱▱▱▱▱▱▱ 0.0%\u2069',
    'certain … 確か \u2066▰▰▰▰▰▱▱▱▱▱ 50.0%\u2069',
  ]);
  expect(lines('de')[0]).toBe('Paris \u2066▰▰▰▰▰▰▰▰▱▱ 83,5\u00a0%\u2069');
  expect(toCandidateItems(candidates, 'en').map(({ candidate }) => candidate)).toEqual(candidates);
  expect(toCandidateItems([], 'en')).toEqual([]);
});

test('the summary of an analysis lists counts, largest first', () => {
  const result = {
    version: 3,
    sentences: 1234,
    entities: { LOC: 2, PER: 11, DATE: 1, ORG: 2, MISC: 0 },
    sentiment: { negative: 4, neutral: 1200, positive: 30 },
  };
  expect(analysisSummary(result, 'en', english)).toBe(
    'Sentences: 1,234 · Entities: Person 11, Location 2, Organization 2, DATE 1 · Sentiment: neutral 1,200, positive 30, negative 4',
  );
  expect(analysisSummary({ version: 1, sentences: 0, entities: {}, sentiment: {} }, 'en', english)).toBe(
    'Sentences: 0 · No entities',
  );
});

test('a new value of a setting goes where the value is that counts now', () => {
  expect(settingTarget(undefined)).toBe('user');
  expect(settingTarget({})).toBe('user');
  expect(settingTarget({ workspaceValue: false })).toBe('workspace');
  expect(settingTarget({ workspaceValue: true, workspaceFolderValue: false })).toBe('folder');
});

test('entity types of different models mean the same kinds', () => {
  expect(['PER', 'person', 'ORG', 'GPE', 'LOC', 'MISC', 'DATE', ''].map(entityKind)).toEqual([
    'person',
    'person',
    'organization',
    'location',
    'location',
    'miscellaneous',
    'other',
    'other',
  ]);
});

test('progress never goes back', () => {
  const steps = new PercentSteps();
  const shares = [
    [10, 100],
    [5, 100],
    [30, 100],
    [0, 0],
    [100, 100],
  ] as const;
  expect(shares.map(([done, total]) => steps.next(done, total))).toEqual([10, 0, 20, 0, 70]);
});
