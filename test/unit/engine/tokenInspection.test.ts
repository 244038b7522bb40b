import { expect, test } from 'vitest';
import { Engine } from '../../../server/src/core/engine';
import { FakeRunner, FakeTokenizer, fakeDescription } from './fakeModel';

const inspect = (text: string) =>
  new Engine(fakeDescription, new FakeTokenizer(), new FakeRunner(), { stride: 4 }).inspect(text);

test('tells pieces, ids, offsets, words, labels and what is unknown', async () => {
  const { tokens, windows, sentiment } = await inspect('Berlin hates 😀.');
  expect(
    tokens.map(({ id, token, start, end, word, isSpecial, isUnknown, labels: [first] }) =>
      [
        `${id} ${token} ${start}–${end} ${word}`,
        isSpecial ? 'special' : '',
        isUnknown ? 'unknown' : '',
        first ? `${first.label} ${first.score.toFixed(3)}` : '',
      ].join(' '),
    ),
  ).toEqual([
    '2 [CLS] 0–0 null special  ',
    '6 Ber 0–3 0   B-LOC 0.932',
    '7 ##lin 3–6 0   I-LOC 0.932',
    '9 hates 7–12 1   O 0.932',
    '1 [UNK] 13–15 2  unknown O 0.932',
    '10 . 15–16 3   O 0.932',
    '3 [SEP] 0–0 null special  ',
  ]);
  // e⁴ / (e⁴ + 4) for the label that the runner means; the second of four equal ones is the first of the others.
  expect(tokens[1]?.labels.map(({ label }) => label)).toEqual(['B-LOC', 'O']);
  expect(windows).toEqual([{ start: 1, end: 6 }]);
  expect(sentiment.map((score) => score.toFixed(3))).toEqual(['0.953', '0.047']);
});

test('labels every token of a sentence that is read in windows', async () => {
  const { tokens, windows } = await inspect('the city Berlin is in the city Paris likes Anna in Berlin.');
  expect(windows).toEqual([
    { start: 1, end: 11 },
    { start: 7, end: 16 },
  ]);
  const labelled = tokens.flatMap(({ token, labels: [first] }) => (first ? [`${token} ${first.label}`] : []));
  expect(labelled).toEqual([
    ...['the O', 'city O', 'Ber B-LOC', '##lin I-LOC', 'is O', 'in O', 'the O', 'city O', 'Paris B-LOC'],
    ...['likes O', 'Anna B-PER', 'in O', 'Ber B-LOC', '##lin I-LOC', '. O'],
  ]);
});

test('an empty text has the tokens of the template', async () => {
  const { tokens, windows } = await inspect('');
  expect(tokens.map(({ token }) => token)).toEqual(['[CLS]', '[SEP]']);
  expect(windows).toEqual([{ start: 1, end: 1 }]);
});
