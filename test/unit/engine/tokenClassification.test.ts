import { describe, expect, test } from 'vitest';
import type { AggregationStrategy, Mention } from '../../../server/src/core/tasks/results';
import { decodeMentions, mergeWindowMentions } from '../../../server/src/core/tasks/tokenClassification';

const bio = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'];
const bioes = ['O', 'B-PER', 'I-PER', 'E-PER', 'S-PER', 'S-LOC'];

/** Logits of which the softmax is these probabilities. */
const toLogits = (rows: readonly (readonly number[])[]) => Float32Array.from(rows.flat(), Math.log);

/** A row in which one label has the probability and the others share the rest. */
const sure = (label: string, score: number, labels: readonly string[]) =>
  labels.map((other) => (other === label ? score : (1 - score) / (labels.length - 1)));

/** Tokens of one character each at 0, 1, 2, …; `+` in front of a label makes a continuing piece. */
function decode(spec: string, labels = bio, strategy: AggregationStrategy = 'simple') {
  const parts = spec.split(' ').filter((part) => part !== '');
  const tokens = parts.map((part, i) => ({
    start: i,
    end: i + 1,
    special: false,
    continuesWord: part.startsWith('+'),
  }));
  const rows = parts.map((part) => sure(part.replace('+', ''), 0.9, labels));
  return decodeMentions(tokens, toLogits(rows), labels, strategy).map(
    ({ type, start, end }) => `${type} ${start}-${end}`,
  );
}

const rounded = (mentions: readonly Mention[]) =>
  mentions.map((mention) => ({ ...mention, score: Number(mention.score.toFixed(6)) }));

describe('grouping', () => {
  test.each([
    ['', []],
    ['O O', []],
    ['B-PER I-PER O B-LOC', ['PER 0-2', 'LOC 3-4']],
    ['I-PER I-PER', ['PER 0-2']],
    ['O I-LOC', ['LOC 1-2']],
    ['B-PER B-PER', ['PER 0-1', 'PER 1-2']],
    ['B-PER I-LOC I-PER', ['PER 0-1', 'LOC 1-2', 'PER 2-3']],
    // O takes part in grouping, so it separates.
    ['B-PER O I-PER', ['PER 0-1', 'PER 2-3']],
    ['I-PER B-PER I-PER', ['PER 0-1', 'PER 1-3']],
  ])('BIO %s', (spec, expected) => {
    expect(decode(spec)).toEqual(expected);
  });

  test.each([
    ['B-PER I-PER E-PER E-PER', ['PER 0-3', 'PER 3-4']],
    ['B-PER E-PER I-PER', ['PER 0-2', 'PER 2-3']],
    ['S-PER S-PER I-PER', ['PER 0-1', 'PER 1-2', 'PER 2-3']],
    ['I-PER E-PER S-LOC', ['PER 0-2', 'LOC 2-3']],
    ['B-PER S-LOC', ['PER 0-1', 'LOC 1-2']],
    ['B-PER O E-PER', ['PER 0-1', 'PER 2-3']],
  ])('BIOES %s', (spec, expected) => {
    expect(decode(spec, bioes)).toEqual(expected);
    // BILOU is the same in other letters.
    const toBilou = (label: string) => label.replace('E-', 'L-').replace('S-', 'U-');
    expect(decode(spec.split(' ').map(toBilou).join(' '), bioes.map(toBilou))).toEqual(expected);
  });

  test.each([
    ['NAME NAME O NAME', ['NAME 0-2', 'NAME 3-4']],
    // The reference cuts the name of a group at its first hyphen, even where that is no prefix.
    ['X-Y-Z NAME', ['Y-Z 0-1', 'NAME 1-2']],
  ])('without prefixes: %s', (spec, expected) => {
    expect(decode(spec, ['O', 'NAME', 'X-Y-Z'])).toEqual(expected);
  });

  test('none: every piece by itself', () => {
    expect(decode('B-PER +I-PER O I-LOC', bio, 'none')).toEqual(['PER 0-1', 'PER 1-2', 'LOC 3-4']);
  });
});

describe('words', () => {
  // "mi" "##cro" "soft", as one word of two pieces and another of one.
  const tokens = [
    { start: 0, end: 0, special: true, continuesWord: false },
    { start: 0, end: 2, special: false, continuesWord: false },
    { start: 2, end: 5, special: false, continuesWord: true },
    { start: 6, end: 10, special: false, continuesWord: false },
    { start: 0, end: 0, special: true, continuesWord: false },
  ];
  const logits = toLogits([
    [0.01, 0.96, 0.01, 0.01, 0.01],
    [0.2, 0.5, 0.1, 0.1, 0.1],
    [0.04, 0.02, 0.02, 0.9, 0.02],
    [0.1, 0.1, 0.6, 0.1, 0.1],
    [0.01, 0.96, 0.01, 0.01, 0.01],
    // Padding.
    [0.01, 0.01, 0.96, 0.01, 0.01],
  ]);

  test.each([
    [
      'none',
      [
        { type: 'PER', score: 0.5, start: 0, end: 2 },
        { type: 'LOC', score: 0.9, start: 2, end: 5 },
        { type: 'PER', score: 0.6, start: 6, end: 10 },
      ],
    ],
    [
      'simple',
      [
        { type: 'PER', score: 0.5, start: 0, end: 2 },
        { type: 'LOC', score: 0.9, start: 2, end: 5 },
        { type: 'PER', score: 0.6, start: 6, end: 10 },
      ],
    ],
    // B-PER 0.5 for the first word, I-PER 0.6 for the second.
    ['first', [{ type: 'PER', score: 0.55, start: 0, end: 10 }]],
    [
      'max',
      [
        { type: 'LOC', score: 0.9, start: 0, end: 5 },
        { type: 'PER', score: 0.6, start: 6, end: 10 },
      ],
    ],
    // B-LOC: (0.1 + 0.9) / 2, more than B-PER: (0.5 + 0.02) / 2.
    [
      'average',
      [
        { type: 'LOC', score: 0.5, start: 0, end: 5 },
        { type: 'PER', score: 0.6, start: 6, end: 10 },
      ],
    ],
  ] as const)('%s', (strategy, expected) => {
    expect(rounded(decodeMentions(tokens, logits, bio, strategy))).toEqual(expected);
  });

  test('a continuing piece at the start of a window opens a word', () => {
    expect(decode('+I-PER +O O', bio, 'first')).toEqual(['PER 0-2']);
  });

  test('a word of several pieces keeps to itself what its pieces disagree on', () => {
    expect(decode('B-LOC +O I-LOC', bio, 'first')).toEqual(['LOC 0-3']);
    expect(decode('O +B-PER +I-PER', bio, 'first')).toEqual([]);
  });

  test('of equal scores the first label, and of equally sure pieces the first, counts', () => {
    const pieces = tokens.slice(1, 3);
    const tie = toLogits([
      [0.1, 0.4, 0.1, 0.4, 0.0001],
      [0.0001, 0.1, 0.4, 0.1, 0.4],
    ]);
    expect(decodeMentions(pieces, tie, bio, 'max').map(({ type }) => type)).toEqual(['PER']);
    expect(decodeMentions(pieces, tie, bio, 'none').map(({ type }) => type)).toEqual(['PER', 'PER']);
  });

  test('huge logits neither overflow nor lose the score', () => {
    const [mention] = decodeMentions(
      tokens.slice(1, 2),
      Float32Array.of(-3e38, 3e38, 0, 0, 0),
      bio,
      'simple',
    );
    expect(mention).toEqual({ type: 'PER', score: 1, start: 0, end: 2 });
  });
});

describe('mergeWindowMentions', () => {
  const mention = (start: number, end: number, score = 0.5, type = 'PER') => ({ type, score, start, end });

  test.each([
    ['no window', [], []],
    ['one window, as it is', [[mention(3, 5), mention(0, 4)]], [mention(3, 5), mention(0, 4)]],
    ['windows without mentions', [[], []], []],
    ['the same mention twice', [[mention(0, 5, 0.8)], [mention(0, 5, 0.7)]], [mention(0, 5, 0.8)]],
    ['the higher score of the same span', [[mention(0, 5, 0.7)], [mention(0, 5, 0.8)]], [mention(0, 5, 0.8)]],
    ['the longer of two', [[mention(4, 6, 0.9)], [mention(4, 9, 0.1)]], [mention(4, 9, 0.1)]],
    ['neighbours that only touch', [[mention(0, 4)], [mention(4, 8)]], [mention(0, 4), mention(4, 8)]],
    [
      'a chain: each is compared with the one kept so far',
      [[mention(0, 4), mention(6, 8)], [mention(3, 7)]],
      [mention(0, 4), mention(6, 8)],
    ],
    [
      'windows in order of the text',
      [[mention(0, 2), mention(8, 9)], [mention(5, 6)]],
      [mention(0, 2), mention(5, 6), mention(8, 9)],
    ],
  ] as const)('%s', (_, windows, expected) => {
    expect(mergeWindowMentions(windows, 'ten letters')).toEqual(expected);
  });

  test('of two of as many characters that with the higher score, however many code units they take', () => {
    const windows = [[mention(0, 2, 0.8)], [mention(1, 4, 0.7)]];
    expect(mergeWindowMentions(windows, 'ab😀')).toEqual([mention(0, 2, 0.8)]);
  });
});
