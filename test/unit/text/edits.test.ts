import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits, type ChangedRange, composeEdits, shiftSpans } from '../../../server/src/core/text/edits';
import type { TextEdit } from '../../../server/src/core/text/prose';

interface Mark {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const mark = (start: number, end: number): Mark => ({ start, end, name: 'm' });

describe('shiftSpans', () => {
  const edit = (start: number, end: number, text: string): TextEdit => ({ start, end, text });

  it.each([
    ['moves behind an edit', mark(5, 9), edit(1, 2, 'abc'), [mark(7, 11)]],
    ['stays before an edit', mark(5, 9), edit(10, 12, ''), [mark(5, 9)]],
    ['grows with an insertion inside', mark(5, 9), edit(7, 7, 'ab'), [mark(5, 11)]],
    ['moves with an insertion at its start', mark(5, 9), edit(5, 5, 'ab'), [mark(7, 11)]],
    ['does not grow with an insertion at its end', mark(5, 9), edit(9, 9, 'ab'), [mark(5, 9)]],
    ['is gone when deleted', mark(5, 9), edit(5, 9, ''), []],
    ['is gone when replaced', mark(5, 9), edit(4, 10, 'other'), []],
    ['loses its deleted start', mark(5, 9), edit(3, 7, ''), [mark(3, 5)]],
    ['loses its replaced start', mark(5, 9), edit(5, 7, 'abc'), [mark(8, 10)]],
    ['loses its deleted end', mark(5, 9), edit(7, 11, 'x'), [mark(5, 7)]],
    ['loses its replaced end', mark(5, 9), edit(7, 9, 'xyz'), [mark(5, 7)]],
    ['shrinks with a deletion inside', mark(5, 9), edit(6, 8, ''), [mark(5, 7)]],
  ])('%s', (_name, before, change, after) => {
    expect(shiftSpans([before], change)).toEqual(after);
  });

  it('keeps what does not change', () => {
    const marks = [mark(0, 2), mark(3, 4), mark(8, 9)];
    const shifted = shiftSpans(marks, { start: 5, end: 6, text: 'x' });
    expect(shifted.map((shiftedMark, index) => shiftedMark === marks[index])).toEqual([true, true, true]);
  });

  it('agrees with marking every character', () => {
    const length = 12;
    const spans = fc.array(fc.tuple(fc.nat(length), fc.nat(length)), { maxLength: 5 });
    fc.assert(
      fc.property(spans, fc.nat(length), fc.nat(length), fc.nat(3), (pairs, a, b, inserted) => {
        const marks = pairs
          .map(([from, to], index) => ({
            start: Math.min(from, to),
            end: Math.max(from, to),
            name: `${index}`,
          }))
          .filter(({ start, end }) => start < end)
          .sort((one, other) => one.start - other.start);
        const change = { start: Math.min(a, b), end: Math.max(a, b), text: '+'.repeat(inserted) };
        const expected = marks.flatMap((one) => {
          const covered = Array.from({ length }, (_, index) => one.start <= index && index < one.end);
          const isInside = one.start < change.start && change.end < one.end;
          covered.splice(change.start, change.end - change.start, ...Array(inserted).fill(isInside));
          const start = covered.indexOf(true);
          return start < 0 ? [] : [{ name: one.name, start, end: covered.lastIndexOf(true) + 1 }];
        });
        const shifted = shiftSpans(marks, change);
        expect(shifted).toEqual(expected);
        expect(shifted.map(({ start }) => start)).toEqual(
          shifted.map(({ start }) => start).sort((x, y) => x - y),
        );
      }),
    );
  });
});

describe('composeEdits', () => {
  it('joins edits that touch and separates others', () => {
    const edits = [
      { start: 10, end: 12, text: 'abcd' },
      { start: 2, end: 3, text: '' },
      { start: 13, end: 14, text: 'x' },
    ];
    const expected: ChangedRange[] = [
      { fromA: 2, toA: 3, fromB: 2, toB: 2 },
      { fromA: 10, toA: 13, fromB: 9, toB: 14 },
    ];
    expect(composeEdits(edits)).toEqual(expected);
  });

  it('describes how the last text came from the first', () => {
    const edit = fc.tuple(
      fc.nat(30),
      fc.nat(8),
      fc.string({ unit: fc.constantFrom('x', 'y'), maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (specs) => {
        const before = 'abcdefghijklmnopqrst';
        let after = before;
        const edits = specs.map(([at, length, text]) => {
          const start = Math.min(at, after.length);
          const next = { start, end: Math.min(start + length, after.length), text };
          after = applyEdits(after, [next]);
          return next;
        });
        let rebuilt = '';
        let at = 0;
        let lastToB = -1;
        for (const { fromA, toA, fromB, toB } of composeEdits(edits)) {
          rebuilt += before.slice(at, fromA);
          expect(rebuilt.length).toBe(fromB);
          expect(fromB).toBeGreaterThan(lastToB);
          rebuilt += after.slice(fromB, toB);
          at = toA;
          lastToB = toB;
        }
        expect(rebuilt + before.slice(at)).toBe(after);
      }),
    );
  });
});

describe('applyEdits', () => {
  it('takes the offsets of each edit as the one before it left them', () => {
    const edits = [
      { start: 0, end: 1, text: '👍🏽' },
      { start: 4, end: 5, text: '' },
      { start: 5, end: 5, text: '!' },
    ];
    expect(applyEdits('abc', edits)).toBe('👍🏽c!');
  });
});
