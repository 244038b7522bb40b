import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens, groupByLength } from '../../../server/src/core/sentenceGroups';

describe('estimateTokens', () => {
  it.each([
    ['', 2],
    ['a', 3],
    ['Paris is the capital of France.', 11],
    ['巴黎是法国的首都。', 11],
    ['パリ', 4],
    ['파리', 4],
    ['😀😀', 4],
    ['𠮷', 3],
    ['باريس', 4],
    ['\ud800', 3],
    ['\udc00', 2],
  ])('%j is about %i tokens', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});

describe('groupByLength', () => {
  it('puts sentences of similar length together, the shortest first', () => {
    const sentences = ['四个字吧', 'b', '一个比较长的中文句子', 'a', ''];
    // 6, 3, 12, 3 and 2 estimated tokens.
    expect(groupByLength(sentences, 8)).toEqual([[4, 1, 3], [0], [2]]);
    expect(groupByLength(sentences, 100)).toEqual([[4, 1, 3, 0, 2]]);
    expect(groupByLength(sentences, 1)).toEqual([[4], [1], [3], [0], [2]]);
  });

  it('makes no group of nothing', () => {
    expect(groupByLength([], 256)).toEqual([]);
  });

  it('loses nothing, repeats nothing, and keeps to the budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })),
        fc.integer({ min: 1, max: 64 }),
        (sentences, budget) => {
          const groups = groupByLength(sentences, budget);
          expect(groups.flat().sort((a, b) => a - b)).toEqual([...sentences.keys()]);
          const lengths = groups.flat().map((i) => estimateTokens(sentences[i] ?? ''));
          expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
          for (const group of groups) {
            const tokens = group.reduce((sum, i) => sum + estimateTokens(sentences[i] ?? ''), 0);
            expect(group.length === 1 || tokens <= budget).toBe(true);
            expect(group.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});
