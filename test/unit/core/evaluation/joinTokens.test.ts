import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTokens } from '../../../../server/src/core/evaluation/joinTokens';

describe('joinTokens', () => {
  it.each([
    ['en', ['It', 'rains', '.'], 'It rains .'],
    ['zh', ['巴黎', 'Paris', '是', '首都'], '巴黎Paris是首都'],
    ['zh-Hant', ['臺', '北'], '臺北'],
    ['ja', ['東', '京', 'は'], '東京は'],
    ['ko', ['김', '윤', '▁', '좋', '다'], '김윤 좋다'],
    ['ko', ['김윤은', '좋다'], '김윤은 좋다'],
    ['en', ['👩‍👩‍👧', '😀'], '👩‍👩‍👧 😀'],
    // No language is told: most letters decide.
    [undefined, ['我', '爱', 'Ada'], '我爱 Ada'],
    [undefined, ['我们', '很', '爱', 'Ada'], '我们很爱Ada'],
    [undefined, ['カフェ', '。'], 'カフェ。'],
    [undefined, ['김윤은', '漢字'], '김윤은 漢字'],
    [undefined, ['1', '.'], '1 .'],
    ['en', [], ''],
  ])('%s %j', (language, tokens, text) => {
    expect(joinTokens(tokens, language).text).toBe(text);
  });

  it('knows where each token stands', () => {
    const token = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.constant('▁'));
    fc.assert(
      fc.property(
        fc.array(token),
        fc.option(fc.constantFrom('de', 'ja'), { nil: undefined }),
        (tokens, lang) => {
          const joined = joinTokens(tokens, lang);
          expect(joined.tokens.map(({ start, end }) => joined.text.slice(start, end))).toEqual(
            tokens.map((one) => (one === '▁' ? ' ' : one)),
          );
        },
      ),
    );
  });
});
