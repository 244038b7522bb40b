import { expect, it } from 'vitest';
import type { ProseBlock, Sentence } from '../../../server/src/core/text/prose';
import { PendingSentences } from '../../../server/src/scheduling/pendingSentences';

const sentence = (text: string): Sentence => ({
  text,
  source: { start: 0, end: text.length },
  toSource: (span) => span,
  lineEnds: [],
});
const block = (...texts: string[]): ProseBlock => ({ sentences: texts.map(sentence) });

it('tells sentences with the same text apart, and finds their blocks', () => {
  const [one, two] = [block('Yes.', 'No.', 'Yes.'), block('Yes.')];
  const pending = new PendingSentences();
  for (const from of [one, two]) for (const added of from.sentences) pending.add(added, from);
  const [first, second, third] = one.sentences as [Sentence, Sentence, Sentence];
  pending.add(first, one);
  expect([pending.size, [...pending.wantedTexts()]]).toEqual([4, ['Yes.', 'No.']]);
  expect(pending.blocksWith(['Yes.'])).toEqual(new Set([one, two]));
  expect(pending.blocksWith(['No.', 'Perhaps.'])).toEqual(new Set([one]));

  pending.delete(first);
  pending.delete(first);
  pending.delete(second);
  expect([pending.has(first), pending.has(second), pending.has(third)]).toEqual([false, false, true]);
  expect([pending.size, pending.isTextWanted('Yes.'), pending.isTextWanted('No.')]).toEqual([2, true, false]);

  pending.clear();
  expect([pending.size, [...pending.wantedTexts()], pending.has(third)]).toEqual([0, [], false]);
});

it('offers nothing that is withheld, unless a sentence with the same text is wanted', () => {
  const from = block('Yes.', 'No.', 'Yes.');
  const pending = new PendingSentences();
  for (const added of from.sentences) pending.add(added, from);
  const [first, second] = from.sentences as [Sentence, Sentence];
  pending.withhold(first);
  pending.withhold(second);
  expect([pending.size, pending.withheld, [...pending.wantedTexts()]]).toEqual([3, 2, ['Yes.']]);
  expect([pending.has(first), pending.isWanted(first), pending.isTextWanted('No.')]).toEqual([
    true,
    false,
    false,
  ]);
  pending.withholdAll();
  expect([...pending.wantedTexts()]).toEqual([]);
  pending.delete(first);
  pending.withhold(first);
  expect([pending.size, pending.withheld]).toEqual([2, 2]);
  pending.release();
  expect([...pending.wantedTexts()]).toEqual(['Yes.', 'No.']);
});
