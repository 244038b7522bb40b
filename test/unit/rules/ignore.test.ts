import { describe, expect, test } from 'vitest';
import { findIgnoredText, movedAlong } from '../../../server/src/core/ignore/ignoreComments';
import { MentionFilter } from '../../../server/src/core/ignore/mentionFilter';
import { overlapsAny } from '../../../server/src/core/text/span';

const ignored = (text: string): string[] =>
  findIgnoredText(text).spans.map(({ start, end }) => text.slice(start, end));

describe('comments that ignore', () => {
  test.each<[string, string, readonly string[]]>([
    ['nothing', 'subtext: ignore-line\nsubtext:ignore-lines subtext:ignore', []],
    ['a line', 'a\nb // subtext:ignore-line\nc', ['b // subtext:ignore-line']],
    ['the next line', '# subtext:ignore-next-line\nb\nc', ['subtext:ignore-next-line\nb']],
    ['no next line', '# subtext:ignore-next-line', ['subtext:ignore-next-line']],
    [
      'a region',
      'a <!-- subtext:ignore-start --> b\nc <!-- subtext:ignore-end --> d',
      ['subtext:ignore-start --> b\nc <!-- subtext:ignore-end'],
    ],
    ['to the end', 'a\n% subtext:ignore-start\nb', ['subtext:ignore-start\nb']],
    ['no region', 'a\n% subtext:ignore-end\nb', []],
    [
      'a line in a region',
      '# subtext:ignore-start\nb subtext:ignore-line\n',
      ['subtext:ignore-start\nb subtext:ignore-line\n'],
    ],
    [
      'lines that touch',
      'x subtext:ignore-line\r\ny subtext:ignore-line\r\nz',
      ['x subtext:ignore-line\r', 'y subtext:ignore-line\r'],
    ],
  ])('%s', (_, text, expected) => {
    expect(ignored(text)).toEqual(expected);
    expect(findIgnoredText(text).wholeFile).toBe(false);
  });

  test('the whole file', () => {
    expect(findIgnoredText('a // subtext:ignore-line\n/* subtext:ignore-file */')).toEqual({
      wholeFile: true,
      spans: [],
    });
  });
});

test('tells whether edits only moved what is ignored', () => {
  const before = [{ start: 10, end: 20 }];
  const at = (start: number) => [{ start, end: start, text: 'ab' }];
  expect(movedAlong(before, [{ start: 12, end: 22 }], at(3), 2)).toBe(true);
  expect(movedAlong(before, [{ start: 10, end: 22 }], at(15), 2)).toBe(true);
  expect(movedAlong(before, before, at(30), 2)).toBe(true);
  expect(movedAlong(before, [], at(15), 2)).toBe(false);
  expect(movedAlong(before, [{ start: 10, end: 40 }], at(15), 2)).toBe(false);
  expect(movedAlong([], [], at(15), 2)).toBe(true);
});

test('finds overlaps among ordered spans', () => {
  const spans = [
    { start: 2, end: 4 },
    { start: 8, end: 9 },
  ];
  const touching = (start: number, end: number) => overlapsAny(spans, { start, end });
  expect([touching(0, 2), touching(3, 5), touching(4, 8), touching(0, 20), touching(9, 12)]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
});

test('words, types and thresholds decide what is reported', () => {
  const filter = new MentionFilter({
    threshold: 0.5,
    thresholds: { misc: 0.9 },
    types: ['Date'],
    words: [
      { text: 'berlin' },
      { text: 'May', type: 'PER' },
      { text: 'US', caseSensitive: true },
      { text: '北京' },
    ],
  });
  const isReported = (type: string, text: string, score = 0.8) =>
    filter.isReported({ start: 0, end: text.length, type, score }, text);
  expect(isReported('LOC', 'Paris')).toBe(true);
  expect(isReported('LOC', 'Paris', 0.4)).toBe(false);
  expect(isReported('MISC', 'Paris')).toBe(false);
  expect(isReported('MISC', 'Paris', 0.95)).toBe(true);
  expect(isReported('DATE', 'Paris')).toBe(false);
  expect(isReported('LOC', 'BERLIN')).toBe(false);
  expect(isReported('PER', 'may')).toBe(false);
  expect(isReported('LOC', 'May')).toBe(true);
  expect(isReported('LOC', 'US')).toBe(false);
  expect(isReported('LOC', 'us')).toBe(true);
  expect(isReported('LOC', '北京')).toBe(false);
});
