import { describe, expect, it } from 'vitest';
import { calibrationError } from '../../../../server/src/core/evaluation/calibration';
import { reportClassification } from '../../../../server/src/core/evaluation/classification';
import { sampleIndices } from '../../../../server/src/core/evaluation/sample';
import { meanScores, toScores } from '../../../../server/src/core/evaluation/scores';

describe('toScores', () => {
  it('computes precision, recall and F1', () => {
    const { precision, recall, f1 } = toScores({ annotated: 8, found: 4, right: 3 });
    expect([precision, recall, f1]).toEqual([0.75, 0.375, 0.5]);
  });

  it('is zero where there is nothing', () => {
    const zero = { precision: 0, recall: 0, f1: 0 };
    expect(toScores({ annotated: 0, found: 0, right: 0 })).toEqual(zero);
    expect(toScores({ annotated: 0, found: 3, right: 0 })).toEqual(zero);
    expect(meanScores([])).toEqual(zero);
  });
});

describe('reportClassification', () => {
  it('counts classes, right ones and mistakes', () => {
    const pairs = [
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ] as const;
    const texts = pairs.map(([annotated, found]) => ({ annotated, found }));
    const third = { annotated: 0, found: 0, right: 0, precision: 0, recall: 0, f1: 0 };
    const report = reportClassification(texts, ['no', 'yes', 'never']);
    expect(report).toEqual({
      texts: 5,
      accuracy: 0.6,
      // `never` is not annotated, so it does not count: (2/3 + 1/2) / 2.
      macro: { precision: (2 / 3 + 1 / 2) / 2, recall: (2 / 3 + 1 / 2) / 2, f1: (2 / 3 + 1 / 2) / 2 },
      classes: [
        { label: 'no', annotated: 3, found: 3, right: 2, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
        { label: 'yes', annotated: 2, found: 2, right: 1, precision: 0.5, recall: 0.5, f1: 0.5 },
        { label: 'never', ...third },
      ],
      confusion: [
        [2, 1, 0],
        [1, 1, 0],
        [0, 0, 0],
      ],
    });
  });

  it('is zero of no texts', () => {
    expect(reportClassification([], ['a'])).toMatchObject({ texts: 0, accuracy: 0, macro: { f1: 0 } });
  });
});

describe('calibrationError', () => {
  it('is the weighted gap between confidence and accuracy', () => {
    const answers = [
      { confidence: 0.9, right: true },
      { confidence: 0.9, right: false },
      { confidence: 0.4, right: false },
      { confidence: 0.4, right: false },
    ];
    // Two bins: |0.9 - 0.5| and |0.4 - 0|, half of the answers each.
    expect(calibrationError(answers, 2)).toBeCloseTo(0.4, 12);
  });

  it('sums up a bin before it takes the gap', () => {
    const answers = [
      { confidence: 1, right: true },
      { confidence: 0.6, right: false },
      { confidence: 0.7, right: true },
    ];
    expect(calibrationError(answers, 1)).toBeCloseTo(0.3 / 3, 12);
    // By fifteen bins each is alone.
    expect(calibrationError(answers)).toBeCloseTo((0 + 0.6 + 0.3) / 3, 12);
  });

  it('puts edges into the lower bin and takes every probability', () => {
    // Together in (0, 0.5] they would cancel out: 0.5 + 0 against one right answer.
    const answers = [
      { confidence: 0.5, right: true },
      { confidence: 0, right: false },
    ];
    expect(calibrationError(answers, 2)).toBeCloseTo(0.25, 12);
    expect(calibrationError([{ confidence: 1, right: true }])).toBe(0);
    expect(calibrationError([])).toBe(0);
  });
});

describe('sampleIndices', () => {
  it('gives every number once', () => {
    for (const total of [0, 1, 2, 100]) {
      expect([...sampleIndices(total, 1)].sort((a, b) => a - b)).toEqual([...Array(total).keys()]);
    }
  });

  it('gives the same numbers for the same seed, and others for another', () => {
    const draw = (seed: number) => [...sampleIndices(1000, seed)].slice(0, 10);
    expect(draw(7)).toEqual(draw(7));
    expect(new Set([0, 1, 2, 2 ** 31 - 1].map((seed) => draw(seed).join())).size).toBe(4);
  });

  it('gives every number a fair chance to be first', () => {
    const first = Array.from({ length: 4000 }, (_, seed) => [...sampleIndices(4, seed)][0]);
    for (const number of [0, 1, 2, 3]) {
      const share = first.filter((one) => one === number).length / first.length;
      expect(share).toBeGreaterThan(0.22);
      expect(share).toBeLessThan(0.28);
    }
  });
});
