import { expect, it } from 'vitest';
import type { ProseBlock, Sentence } from '../../../server/src/core/text/prose';
import { PendingSentences } from '../../../server/src/scheduling/pendingSentences';

const sentence = (text: string): Sentence => ({
  text,
  source: { start: 0, end: text.length },
  toSource: (span) => span,
});
const block = (...texts: string[]): ProseBlock => ({ sentences: texts.map(sentence) });

it('tells sentences with the same text apart, and finds their blocks', () => {
  const [one, two] = [block('Yes.', 'No.', 'Yes.'), block('Yes.')];
  const pending = new PendingSentences();
  for (const from of [one, two]) for (const added of from.sentences) pending.add(added, from);
  const [first, second, third] = one.sentences as [Sentence, Sentence, Sentence];
  pending.add(first, one);
  expect([pending.size, [...pending.texts()]]).toEqual([4, ['Yes.', 'No.']]);
  expect(pending.blocksWith(['Yes.'])).toEqual(new Set([one, two]));
  expect(pending.blocksWith(['No.', 'Perhaps.'])).toEqual(new Set([one]));

  pending.delete(first);
  pending.delete(first);
  pending.delete(second);
  expect([pending.has(first), pending.has(second), pending.has(third)]).toEqual([false, false, true]);
  expect([pending.size, pending.hasText('Yes.'), pending.hasText('No.')]).toEqual([2, true, false]);

  pending.clear();
  expect([pending.size, [...pending.texts()], pending.has(third)]).toEqual([0, [], false]);
});
