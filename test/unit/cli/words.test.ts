import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../server/src/cli/words';

const words = (text: string, ...boundaries: readonly (readonly [number, number])[]): readonly string[] =>
  splitWords(
    text,
    boundaries.map(([start, end]) => ({ start, end })),
  ).map(({ start, end }) => text.slice(start, end));

describe('splitWords', () => {
  it.each([
    ['', []],
    ['  \t\r\n\u00a0\u3000', []],
    ["It's 3.50 €!", ['It', "'", 's', '3', '.', '50', '€', '!']],
    ['巴黎是法国的首都。', ['巴', '黎', '是', '法', '国', '的', '首', '都', '。']],
    ['東京タワーへ行く', ['東', '京', 'タワーへ', '行', 'く']],
    ['서울은 크다.', ['서울은', '크다', '.']],
    ['𠮷野家 iPhone手机', ['𠮷', '野', '家', 'iPhone', '手', '机']],
    ['قال محمد.', ['قال', 'محمد', '.']],
    ['cafe\u0301s नमस्ते', ['cafe\u0301s', 'नमस्ते']],
    ['葛\u{e0100}城', ['葛\u{e0100}', '城']],
    ['👩‍💻👍🏽a', ['👩‍💻', '👍🏽', 'a']],
    ['a\0b\u0085c\u2028d', ['a', 'b', 'c', 'd']],
    ['\ud800x', ['\ud800x']],
    ['run \ufffc now', ['run', '\ufffc', 'now']],
  ])('of %j', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('cuts at the edges of mentions', () => {
    expect(words('Berlinbased', [0, 6])).toEqual(['Berlin', 'based']);
    expect(words('東京タワーへ行く', [0, 5])).toEqual(['東', '京', 'タワー', 'へ', '行', 'く']);
    expect(words('in Berlin .', [2, 9])).toEqual(['in', 'Berlin', '.']);
  });

  it('loses nothing but white space and control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(words(text).join('')).toBe(text.replace(/[\s\p{Cc}]/gu, ''));
      }),
    );
  });
});
