import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSpans, tallyOutcomes } from '../../../../server/src/core/evaluation/spans';

const span = (start: number, end: number, type: string) => ({ start, end, type });

describe('compareSpans', () => {
  it('tells kinds of errors apart', () => {
    const annotated = [
      span(0, 3, 'PER'),
      span(5, 8, 'LOC'),
      span(10, 15, 'ORG'),
      span(20, 25, 'PER'),
      span(30, 35, 'LOC'),
    ];
    const found = [
      span(40, 45, 'LOC'),
      span(0, 3, 'PER'),
      span(5, 8, 'ORG'),
      span(10, 12, 'ORG'),
      span(22, 27, 'LOC'),
    ];
    const outcome = compareSpans(annotated, found);
    expect(outcome).toEqual({
      right: [annotated[0]],
      type: [{ annotated: annotated[1], found: found[2] }],
      boundary: [{ annotated: annotated[2], found: found[3] }],
      both: [{ annotated: annotated[3], found: found[4] }],
      missed: [annotated[4]],
      spurious: [found[0]],
    });
    expect(tallyOutcomes([outcome])).toEqual({ annotated: 5, found: 5, right: 1 });
    expect(tallyOutcomes([outcome], 'LOC')).toEqual({ annotated: 2, found: 2, right: 0 });
    expect(tallyOutcomes([outcome, outcome], 'PER')).toEqual({ annotated: 4, found: 2, right: 2 });
  });

  it('pairs each once, the best fit first', () => {
    // One long annotation, two halves found: one is its boundary error, the other one too many.
    const outcome = compareSpans([span(0, 10, 'PER')], [span(0, 4, 'LOC'), span(5, 10, 'PER')]);
    expect(outcome.boundary).toEqual([{ annotated: span(0, 10, 'PER'), found: span(5, 10, 'PER') }]);
    expect(outcome.spurious).toEqual([span(0, 4, 'LOC')]);
  });

  it('does not count touching as overlapping', () => {
    const { missed, spurious } = compareSpans([span(0, 3, 'PER')], [span(3, 6, 'PER')]);
    expect([missed.length, spurious.length]).toEqual([1, 1]);
  });

  it('accounts for every entity', () => {
    const spans = fc.uniqueArray(
      fc
        .tuple(fc.nat(12), fc.integer({ min: 1, max: 4 }), fc.constantFrom('PER', 'LOC'))
        .map(([start, length, type]) => span(start, start + length, type)),
      { selector: ({ start, end, type }) => `${start} ${end} ${type}` },
    );
    fc.assert(
      fc.property(spans, spans, (annotated, found) => {
        const outcome = compareSpans(annotated, found);
        const common = annotated.filter((one) =>
          found.some((two) => one.start === two.start && one.end === two.end && one.type === two.type),
        );
        expect(tallyOutcomes([outcome])).toEqual({
          annotated: annotated.length,
          found: found.length,
          right: common.length,
        });
        expect(tallyOutcomes([compareSpans(annotated, annotated)]).right).toBe(annotated.length);
      }),
    );
  });
});
