import { describe, expect, it } from 'vitest';
import { GenerationCache } from '../../../server/src/core/cache/generationCache';

describe('GenerationCache', () => {
  it('keeps what was asked for lately and forgets the rest', () => {
    const cache = new GenerationCache<string, number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('c', 3); // a and b are old now
    expect(cache.get('a')).toBe(1); // a is young again
    cache.set('d', 4); // a and c are old, b is gone
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([1, undefined, 3, 4]);
  });

  it('never holds more than two generations', () => {
    const cache = new GenerationCache<number, number>(10);
    for (let i = 0; i < 1_000; i++) cache.set(i, i);
    const held = Array.from({ length: 1_000 }, (_, i) => cache.get(i)).filter((value) => value !== undefined);
    expect(held.length).toBeLessThanOrEqual(20);
    expect(held).toContain(999);
  });

  it('takes a new value for a key without ageing', () => {
    const cache = new GenerationCache<string, number>(1);
    cache.set('a', 1);
    cache.set('a', 2);
    expect(cache.get('a')).toBe(2);
  });
});
