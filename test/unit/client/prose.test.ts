import { expect, test } from 'vitest';
import { proseSpans } from '../../../client/src/prose/proseSpans';
import { proseSummary } from '../../../client/src/prose/proseSummary';
import type { ProseSentence, SentenceState } from '../../../server/src/protocol/prose';
import { english } from './localization';

const sentence = (
  start: number,
  end: number,
  index: number,
  state: SentenceState = 'analyzed',
  gaps: ProseSentence['gaps'] = [],
): ProseSentence => ({ start, end, index, state, gaps });

const span = (start: number, end: number) => ({ start, end });

test('sentences take turns within a paragraph, and what is none of them is the rest', () => {
  const sentences = [
    sentence(2, 8, 0),
    sentence(9, 14, 1),
    sentence(14, 20, 2, 'pending'),
    sentence(24, 30, 0),
  ];
  expect(proseSpans(sentences, span(0, 40))).toEqual({
    first: [span(2, 8), span(14, 20), span(24, 30)],
    second: [span(9, 14)],
    pending: [span(14, 20)],
    ignored: [],
    rest: [span(0, 2), span(8, 9), span(20, 24), span(30, 40)],
  });
});

test('gaps are no part of what is read, whatever the state', () => {
  const gaps = [span(2, 4), span(6, 10)];
  expect(
    proseSpans(
      [sentence(2, 10, 0, 'analyzed', gaps), sentence(12, 20, 1, 'ignored'), sentence(20, 24, 2, 'leftOut')],
      span(5, 24),
    ),
  ).toEqual({
    first: [span(4, 6)],
    second: [],
    pending: [],
    ignored: [span(12, 20), span(20, 24)],
    rest: [span(2, 4), span(6, 10), span(10, 12)],
  });
});

test('without sentences everything is the rest, and of nothing there is nothing', () => {
  expect(proseSpans([], span(0, 9)).rest).toEqual([span(0, 9)]);
  expect(proseSpans([], span(0, 0)).rest).toEqual([]);
});

test('the summary counts, and says why nothing is analysed', () => {
  const summary = (analyzed: number, pending: number, ignored: number, leftOut = 0) =>
    proseSummary({ counts: { analyzed, pending, ignored, leftOut } }, 'en', english);
  expect(summary(1412, 0, 0)).toBe('Prose: 1,412 sentences analyzed');
  expect(summary(4, 2, 1)).toBe('Prose: 4 sentences analyzed · 2 not yet · 1 ignored');
  expect(summary(4, 0, 0, 3)).toBe(
    'Prose: 4 sentences analyzed · 3 in languages that the model does not know',
  );
  const counts = { analyzed: 0, pending: 0, ignored: 0, leftOut: 0 };
  expect(proseSummary({ counts, skipped: 'tooLarge' }, 'en', english)).toBe(
    'No prose is analyzed. The document exceeds the size limit.',
  );
});
