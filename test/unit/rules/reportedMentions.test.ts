import { expect, test } from 'vitest';
import { MentionFilter } from '../../../server/src/core/ignore/mentionFilter';
import { GAP } from '../../../server/src/core/text/prose';
import { reportedMentions } from '../../../server/src/rules/reportedMentions';

const everything = new MentionFilter({
  threshold: 0,
  thresholds: {},
  types: [],
  words: [],
  mentions: [],
  sentences: [],
});

test('what stands in for code is not reported, whatever the model takes it for', () => {
  const text = `${GAP} calls ${GAP} Paris`;
  const mention = (start: number, end: number) => ({ start, end, type: 'ORG', score: 1 });
  const found = [mention(0, 1), mention(8, 9), mention(8, 15), mention(10, 15)];
  const rules = { filter: everything, gazetteer: undefined };
  expect(reportedMentions({ text }, found, rules)).toEqual([mention(8, 15), mention(10, 15)]);
});
