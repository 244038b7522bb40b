import { describe, expect, it } from 'vitest';
import { isTag, readTags } from '../../../../server/src/core/evaluation/tags';

const read = (tags: string) => readTags(tags.split(' ')).map(({ start, end, type }) => [start, end, type]);

describe('readTags', () => {
  it.each([
    ['O O', []],
    ['nonsense', []],
    [
      'B-PER I-PER O B-LOC B-LOC',
      [
        [0, 2, 'PER'],
        [3, 4, 'LOC'],
        [4, 5, 'LOC'],
      ],
    ],
    // IOB1: B- only where an entity follows another one of its type.
    [
      'I-PER I-PER B-PER I-LOC O I-LOC',
      [
        [0, 2, 'PER'],
        [2, 3, 'PER'],
        [3, 4, 'LOC'],
        [5, 6, 'LOC'],
      ],
    ],
    [
      'B-PER I-PER E-PER S-PER S-PER',
      [
        [0, 3, 'PER'],
        [3, 4, 'PER'],
        [4, 5, 'PER'],
      ],
    ],
    [
      'B-PER E-PER I-PER',
      [
        [0, 2, 'PER'],
        [2, 3, 'PER'],
      ],
    ],
    [
      'B-PER L-PER U-LOC',
      [
        [0, 2, 'PER'],
        [2, 3, 'LOC'],
      ],
    ],
    ['B-LOC M-LOC E-LOC', [[0, 3, 'LOC']]],
    // The type of the first piece does not reach over another one.
    [
      'B-PER I-LOC I-PER',
      [
        [0, 1, 'PER'],
        [1, 2, 'LOC'],
        [2, 3, 'PER'],
      ],
    ],
    ['E-PER O', [[0, 1, 'PER']]],
    ['B-event-sports I-event-sports', [[0, 2, 'event-sports']]],
    ['B-组织', [[0, 1, '组织']]],
  ])('%s', (tags, expected) => {
    expect(read(tags)).toEqual(expected);
  });

  it('has nothing of no tags', () => {
    expect(readTags([])).toEqual([]);
  });
});

describe('isTag', () => {
  it.each(['O', 'B-PER', 'I-x', 'S-组织', 'B--'])('%s is one', (tag) => expect(isTag(tag)).toBe(true));
  it.each(['', 'o', 'PER', 'NNP', 'B-', 'b-PER', 'X-PER', 'B PER'])('%j is none', (tag) =>
    expect(isTag(tag)).toBe(false),
  );
});
