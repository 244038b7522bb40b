import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitWindows, windowsAround } from '../../../server/src/core/windows';

/** An encoding of so many tokens with one special token before and behind. Its ids are its indices. */
function encodingOf(content: number) {
  const ids = Array.from({ length: content + 2 }, (_, i) => i);
  return {
    ids,
    offsets: ids.map(() => [0, 0] as const),
    wordIds: ids.map(() => null),
    specialTokensMask: ids.map((i) => (i === 0 || i === content + 1 ? 1 : 0)),
  };
}

describe('splitWindows', () => {
  test.each([
    ['an empty text', 0, [[0, 1]]],
    ['a text that fits exactly', 4, [[0, 1, 2, 3, 4, 5]]],
    [
      'a text one token too long',
      5,
      [
        [0, 1, 2, 3, 4, 6],
        [0, 4, 5, 6],
      ],
    ],
    [
      'a long text',
      8,
      [
        [0, 1, 2, 3, 4, 9],
        [0, 4, 5, 6, 7, 9],
        [0, 7, 8, 9],
      ],
    ],
  ])('%s', (_, content, expected) => {
    expect(splitWindows(encodingOf(content), 6, 1).map(({ tokens }) => tokens)).toEqual(expected);
  });

  test('keeps template tokens apart from special tokens that the text spells out', () => {
    const encoding = { ...encodingOf(3), ids: [2, 2, 7, 3, 3] };
    expect(splitWindows(encoding, 5)).toEqual([{ start: 1, end: 4, tokens: [0, 1, 2, 3, 4] }]);
  });

  test('takes a model without special tokens', () => {
    const encoding = { ...encodingOf(1), specialTokensMask: [0, 0, 0] };
    expect(splitWindows(encoding, 2, 1).map(({ tokens }) => tokens)).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  test('refuses what cannot go on', () => {
    expect(() => splitWindows(encodingOf(9), 6, 4)).toThrow(RangeError);
    expect(() => splitWindows(encodingOf(9), 2, 0)).toThrow(RangeError);
  });

  test('every token is in a window, none is too long, neighbours share the stride', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 4, max: 64 }), fc.nat(60), (content, maxTokens, wish) => {
        const stride = wish % (maxTokens - 2);
        const windows = splitWindows(encodingOf(content), maxTokens, stride);
        expect(new Set(windows.flatMap(({ tokens }) => tokens)).size).toBe(content + 2);
        for (const [i, { start, end, tokens }] of windows.entries()) {
          expect(tokens.length).toBeLessThanOrEqual(maxTokens);
          expect(tokens).toEqual([
            0,
            ...Array.from({ length: end - start }, (_, k) => start + k),
            content + 1,
          ]);
          const next = windows[i + 1];
          if (next) expect(end - next.start).toBe(stride);
        }
      }),
    );
  });
});

describe('windowsAround', () => {
  const around = (content: number, positions: readonly number[]) =>
    windowsAround(encodingOf(content), positions, 8).map(({ window, positions: own }) => [
      window.start,
      window.end,
      ...own,
    ]);

  test.each([
    ['a text that fits', 6, [2, 6], [[1, 7, 2, 6]]],
    ['the middle of a long text', 20, [10], [[7, 13, 10]]],
    ['the start of a long text', 20, [1], [[1, 7, 1]]],
    ['the end of a long text', 20, [20], [[15, 21, 20]]],
    ['masks close together', 20, [10, 12], [[8, 14, 10, 12]]],
    [
      'masks far apart',
      20,
      [2, 10, 12, 20],
      [
        [1, 7, 2],
        [8, 14, 10, 12],
        [15, 21, 20],
      ],
    ],
  ])('%s', (_, content, positions, expected) => {
    expect(around(content, positions)).toEqual(expected);
  });

  test('every position is in exactly one window, which holds it and fits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 3, max: 40 }),
        (content, wishes, maxTokens) => {
          const positions = [...new Set(wishes.map((wish) => 1 + (wish % content)))].sort((a, b) => a - b);
          const windows = windowsAround(encodingOf(content), positions, maxTokens);
          expect(windows.flatMap((one) => one.positions)).toEqual(positions);
          for (const { window, positions: own } of windows) {
            expect(window.tokens.length).toBe(Math.min(maxTokens, content + 2));
            for (const position of own) expect(window.tokens).toContain(position);
          }
        },
      ),
    );
  });
});
