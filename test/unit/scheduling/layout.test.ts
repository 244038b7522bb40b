import { describe, expect, it } from 'vitest';
import type { PlacedBlock, ProseBlock, Sentence } from '../../../server/src/core/text/prose';
import { diffLayouts, sentenceAt, sentencesIn } from '../../../server/src/scheduling/layout';

/** A block of two sentences of four characters, `A a. B b.` */
const block = (): ProseBlock => ({
  sentences: [0, 5].map((start) => ({
    text: 'A a.',
    source: { start, end: start + 4 },
    toSource: (span) => span,
    lineEnds: [],
  })),
});
const placed = (content: ProseBlock, start: number): PlacedBlock => ({
  start,
  end: start + 9,
  block: content,
});

const [a, b, c] = [block(), block(), block()];

describe('diffLayouts', () => {
  it('finds the changed stretch between what stayed', () => {
    const before = [placed(a, 0), placed(b, 10), placed(c, 20)];
    const x = block();
    const after = [placed(a, 0), placed(x, 10), placed(c, 25)];
    expect(diffLayouts(before, after, 40)).toEqual({
      removed: [before[1]],
      added: [after[1]],
      window: { start: 9, end: 25 },
    });
  });

  it('reaches to the ends where the first and last blocks changed', () => {
    expect(diffLayouts([], [placed(a, 3)], 15)).toMatchObject({ removed: [], window: { start: 0, end: 15 } });
    expect(diffLayouts([placed(a, 3)], [], 2)).toMatchObject({ added: [], window: { start: 0, end: 2 } });
  });

  it('does not count a repeated block twice', () => {
    const { removed, added } = diffLayouts([placed(a, 0), placed(a, 10)], [placed(a, 0)], 9);
    expect([removed.length, added.length]).toEqual([1, 0]);
  });
});

describe('sentencesIn and sentenceAt', () => {
  const layout = [placed(a, 0), placed(b, 20)];

  it('find what touches a span', () => {
    expect([...sentencesIn(layout, { start: 9, end: 20 })].map(({ span }) => span.start)).toEqual([5, 20]);
    expect([...sentencesIn(layout, { start: 10, end: 19 })]).toEqual([]);
  });

  it.each([
    [0, 0],
    [3, 0],
    [4, 0],
    [5, 5],
    [9, 5],
    [20, 20],
    [29, 25],
    [10, undefined],
    [30, undefined],
  ])('at %i find the sentence that starts at %s', (offset, start) => {
    expect(sentenceAt(layout, offset)?.span.start).toBe(start);
  });

  it('find a note rather than the sentence around it', () => {
    const sentence = (start: number, end: number): Sentence => ({
      text: '',
      source: { start, end },
      toSource: (span) => span,
      lineEnds: [],
    });
    const noted = [
      { start: 0, end: 40, block: { sentences: [sentence(0, 30), sentence(10, 20), sentence(31, 40)] } },
    ];
    expect([5, 10, 19, 20, 25, 31].map((offset) => sentenceAt(noted, offset)?.span.start)).toEqual([
      0, 10, 10, 0, 0, 31,
    ]);
  });
});
