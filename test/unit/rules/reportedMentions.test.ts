import { expect, test } from 'vitest';
import { Gazetteer } from '../../../server/src/core/gazetteer/gazetteer';
import { MentionFilter } from '../../../server/src/core/ignore/mentionFilter';
import { GAP } from '../../../server/src/core/text/prose';
import { reportedMentions } from '../../../server/src/rules/reportedMentions';
import { finish } from '../../support/finish';

const none = { thresholds: {}, types: [], words: [], mentions: [], sentences: [] };
const everything = new MentionFilter({ ...none, threshold: 0 });

test('what stands in for code is not reported, whatever the model takes it for', () => {
  const text = `${GAP} calls ${GAP} Paris`;
  const mention = (start: number, end: number) => ({ start, end, type: 'ORG', score: 1 });
  const found = [mention(0, 1), mention(8, 9), mention(8, 15), mention(10, 15)];
  const rules = { filter: everything, gazetteer: undefined };
  const source = { leastScores: undefined, language: undefined };
  expect(reportedMentions({ text }, found, source, rules)).toEqual([mention(8, 15), mention(10, 15)]);
});

test('a hard break ends a name, of the model and of the gazetteer', () => {
  const source = { leastScores: undefined, language: undefined };
  const gazetteer = finish(
    Gazetteer.build([{ text: 'Obama Angela', type: 'PER', caseSensitive: false, mode: 'override' }]),
  );
  const text = 'Barack Obama Angela Merkel';
  const names = (lineEnds: readonly number[]) =>
    reportedMentions({ text, lineEnds }, [{ start: 0, end: 26, type: 'PER', score: 1 }], source, {
      filter: everything,
      gazetteer,
    }).map(({ start, end }) => text.slice(start, end));
  expect(names([12])).toEqual(['Barack Obama', 'Angela Merkel']);
  expect(names([])).toEqual(['Obama Angela']);
});

test('where the user says nothing, the model decides by language and type, and 0.6 where it does not', () => {
  const leastScores = { types: { LOC: 0.8 }, languages: { it: { LOC: 0.9 } } };
  const found = [0.55, 0.65, 0.85, 0.95].flatMap((score) =>
    ['LOC', 'ORG'].map((type) => ({ start: 0, end: 4, type, score })),
  );
  const shown = (threshold: number | null, language: string | undefined, source = leastScores) => {
    const filter = new MentionFilter({ ...none, threshold });
    const rules = { filter, gazetteer: undefined };
    return reportedMentions({ text: 'Roma' }, found, { leastScores: source, language }, rules)
      .map(({ type, score }) => `${type} ${score}`)
      .join(', ');
  };
  expect(shown(null, undefined)).toBe('ORG 0.65, LOC 0.85, ORG 0.85, LOC 0.95, ORG 0.95');
  expect(shown(null, 'it')).toBe('ORG 0.65, ORG 0.85, LOC 0.95, ORG 0.95');
  expect(shown(null, 'de')).toBe(shown(null, undefined));
  expect(shown(0.9, 'it')).toBe('LOC 0.95, ORG 0.95');
  expect(shown(0.9, undefined)).toBe('LOC 0.95, ORG 0.95');
});
