import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  codePointLength,
  continuesWord,
  maskSpan,
  standsForSpace,
  toUtf16Offsets,
} from '../../../server/src/core/tokenizer/encoding';
import { FakeTokenizer } from './fakeModel';

/** Surrogates may come alone, and may meet. */
const hostileText = fc
  .array(fc.constantFrom('a', 'e\u0301', '😀', '\uD800', '\uDC00', '東', '\u0000'))
  .map((parts) => parts.join(''));

describe('toUtf16Offsets', () => {
  test.each([
    ['', [[0, 0]], [[0, 0]]],
    [
      'naïve 東京',
      [
        [0, 5],
        [6, 8],
      ],
      [
        [0, 5],
        [6, 8],
      ],
    ],
    [
      '😀 Paris 😀',
      [
        [0, 1],
        [2, 7],
        [8, 9],
      ],
      [
        [0, 2],
        [3, 8],
        [9, 11],
      ],
    ],
    [
      '👨‍👩‍👧 مرحبا',
      [
        [0, 5],
        [6, 11],
      ],
      [
        [0, 8],
        [9, 14],
      ],
    ],
    [
      '\uD800x\uDC00😀y',
      [
        [1, 2],
        [3, 4],
        [4, 5],
      ],
      [
        [1, 2],
        [3, 5],
        [5, 6],
      ],
    ],
    [
      '😀',
      [
        [0, 0],
        [1, 1],
      ],
      [
        [0, 0],
        [2, 2],
      ],
    ],
  ] as const)('%j', (text, codePoints, expected) => {
    expect(toUtf16Offsets(codePoints, text)).toEqual(expected);
  });

  test('gives back the same array where nothing has to be changed', () => {
    const offsets = [[0, 2]] as const;
    expect(toUtf16Offsets(offsets, 'é\u0301 क्षि')).toBe(offsets);
  });

  test('finds the same characters as slicing by code points', () => {
    fc.assert(
      fc.property(hostileText, fc.nat(), fc.nat(), (text, a, b) => {
        const characters = Array.from(text);
        const [start, end] = [a % (characters.length + 1), b % (characters.length + 1)].sort((x, y) => x - y);
        const [[from, to] = [0, 0]] = toUtf16Offsets([[start ?? 0, end ?? 0]], text);
        expect(text.slice(from, to)).toBe(characters.slice(start, end).join(''));
      }),
    );
  });
});

test.each([
  ['', 0],
  ['abc', 3],
  ['😀a\uD83D', 3],
  ['\uDE00\uD83D', 2],
])('codePointLength of %j', (text, expected) => {
  expect(codePointLength(text)).toBe(expected);
});

describe('continuesWord', () => {
  const encode = async (text: string) => {
    const [encoding] = await new FakeTokenizer().encode([text]);
    if (!encoding) throw new Error('no encoding');
    return encoding;
  };

  test('tells by the length of the piece where pieces are marked', async () => {
    const text = 'Berlin xyz Anna';
    const encoding = await encode(text);
    // [CLS] Ber ##lin [UNK] Anna [SEP]: an unknown piece is no continuation, whatever its length.
    expect(continuesWord(encoding, text, new FakeTokenizer(), 'pipeline')).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test('counts a piece that lost characters as continuing, like the reference', () => {
    const encoding = { ids: [5], offsets: [[0, 5]], wordIds: [0], specialTokensMask: [0] } as const;
    expect(continuesWord(encoding, 'An\u00ADna', new FakeTokenizer(), 'spelling')).toEqual([true]);
  });

  /** Pieces between bars; a space begins a pre-token. */
  const plain = (marked: string, unknown = '') => {
    const pieces = marked.split('|');
    const text = pieces.join('');
    let at = 0;
    const tokens = pieces.map((piece) => {
      const start = at;
      at += piece.length;
      const word = text.slice(0, start + 1).split(' ').length;
      return {
        id: piece === unknown ? 1 : 5,
        start: start + (piece.length - piece.trimStart().length),
        end: at,
        word,
      };
    });
    const encoding = {
      ids: tokens.map(({ id }) => id),
      offsets: tokens.map(({ start, end }) => [start, end] as const),
      wordIds: tokens.map(({ word }) => word),
      specialTokensMask: tokens.map(() => 0),
    };
    const tokenizer = Object.assign(new FakeTokenizer(), { continuingSubwordPrefix: undefined });
    const words = (rule: 'pipeline' | 'spelling') =>
      continuesWord(encoding, text, tokenizer, rule)
        .map((continues, i) => (continues || i === 0 ? '' : '/') + pieces[i])
        .join('');
    return { pipeline: words('pipeline'), spelling: words('spelling') };
  };

  test.each([
    ['Ber|lin| x|yz', 'Berlin/ xyz', 'Berlin/ xyz'],

    ['Ber|lin|,| Par|is|.', 'Berlin,/ Paris.', 'Berlin/,/ Paris/.'],
    ['Jean|-|Paul| O|’|Neil', 'Jean-Paul/ O’Neil', 'Jean/-/Paul/ O/’/Neil'],
    ['北|京|在|Chi|na', '北京在China', '北/京/在/China'],
    ['ไทย|แลนด|์', 'ไทยแลนด์', 'ไทย/แลนด์'],
    ['𝒜|𝓃|𝓃𝒶| 😀|x', '𝒜𝓃𝓃𝒶/ 😀x', '𝒜𝓃𝓃𝒶/ 😀/x'],
    ['Mu\u0308|n|chen', 'Mu\u0308nchen', 'Mu\u0308nchen'],
  ])('without marks: %s', (marked, pipeline, spelling) => {
    expect(plain(marked)).toEqual({ pipeline, spelling });
  });

  test('an unknown piece begins a word by every rule', () => {
    expect(plain('Ber|?|lin', '?')).toEqual({ pipeline: 'Ber/?lin', spelling: 'Ber/?/lin' });
  });

  test('a word begins behind a piece for the space alone, which claims its first letter', () => {
    const text = 'in アnna';
    const pieces = ['▁in', '▁', 'ア', 'n', 'na'];
    const encoding = {
      ids: pieces.map((_, i) => i),
      offsets: [
        [0, 2],
        [3, 4],
        [3, 4],
        [4, 5],
        [5, 7],
      ],
      wordIds: [0, 1, 1, 1, 1],
      specialTokensMask: [0, 0, 0, 0, 0],
    } as const;
    const tokenizer = Object.assign(new FakeTokenizer(), {
      continuingSubwordPrefix: undefined,
      unknownTokenId: undefined,
      idToToken: (id: number) => pieces[id],
    });
    expect(pieces.filter((_, i) => standsForSpace(encoding, i, tokenizer))).toEqual(['▁']);
    expect(continuesWord(encoding, text, tokenizer, 'spelling')).toEqual([false, false, false, false, true]);
  });

  test('pieces of one character belong together', () => {
    const encoding = {
      ids: [5, 5],
      offsets: [
        [0, 1],
        [0, 1],
      ],
      wordIds: [0, 0],
      specialTokensMask: [0, 0],
    } as const;
    const tokenizer = Object.assign(new FakeTokenizer(), { continuingSubwordPrefix: undefined });
    expect(continuesWord(encoding, '東', tokenizer, 'spelling')).toEqual([false, true]);
  });
});

test.each([
  ['a [MASK] b', [2, 8], '[MASK]', { start: 2, end: 8 }],
  ['a <mask> b', [1, 8], '<mask>', { start: 2, end: 8 }],
  ['😀 \n<mask>', [2, 10], '<mask>', { start: 4, end: 10 }],
  ['[mask]', [0, 6], '[MASK]', { start: 0, end: 6 }],
] as const)('maskSpan in %j', (text, span, token, expected) => {
  expect(maskSpan(text, span, token)).toEqual(expected);
});
