import { overlaps } from '../text/span';
import type { Tally } from './scores';
import type { TypedSpan } from './tags';

/**
 * What became of the entities of a text. `right`, `type`, `boundary` and `both` are pairs of an annotated and a
 * found entity, so together with `missed` they are all that is annotated, with `spurious` all that was found.
 */
export interface SpanOutcome {
  /** Same span, same type. */
  readonly right: readonly TypedSpan[];
  /** Same span, another type. */
  readonly type: readonly SpanPair[];
  /** Overlapping span, same type. */
  readonly boundary: readonly SpanPair[];
  /** Overlapping span, another type. */
  readonly both: readonly SpanPair[];
  /** Annotated, and nothing found in its place. */
  readonly missed: readonly TypedSpan[];
  /** Found where nothing is annotated. */
  readonly spurious: readonly TypedSpan[];
}

export interface SpanPair {
  readonly annotated: TypedSpan;
  readonly found: TypedSpan;
}

/**
 * Pairs what was found with what is annotated, each with at most one of the other: the best kind of pair first,
 * and within a kind in the order of the text.
 *
 * @param annotated in any order, no two the same.
 * @param found likewise.
 */
export const compareSpans = (annotated: readonly TypedSpan[], found: readonly TypedSpan[]): SpanOutcome => {
  const leftAnnotated = new Set([...annotated].sort(inOrder));
  const leftFound = new Set([...found].sort(inOrder));
  const pairUp = (fit: (a: TypedSpan, b: TypedSpan) => boolean): readonly SpanPair[] => {
    const pairs: SpanPair[] = [];
    for (const one of leftAnnotated) {
      const other = findIn(leftFound, (candidate) => fit(one, candidate));
      if (!other) continue;
      leftAnnotated.delete(one);
      leftFound.delete(other);
      pairs.push({ annotated: one, found: other });
    }
    return pairs;
  };
  const right = pairUp((a, b) => sameSpan(a, b) && a.type === b.type);
  const type = pairUp(sameSpan);
  const boundary = pairUp((a, b) => overlaps(a, b) && a.type === b.type);
  const both = pairUp(overlaps);
  return {
    right: right.map((pair) => pair.annotated),
    type,
    boundary,
    both,
    missed: [...leftAnnotated],
    spurious: [...leftFound],
  };
};

/** Counts of one type, or of all: exact spans and types. */
export const tallyOutcomes = (outcomes: readonly SpanOutcome[], type?: string): Tally => {
  const counts = (span: TypedSpan): boolean => type === undefined || span.type === type;
  let [annotated, found, right] = [0, 0, 0];
  for (const outcome of outcomes) {
    const wrong = [...outcome.type, ...outcome.boundary, ...outcome.both];
    const hits = outcome.right.filter(counts).length;
    right += hits;
    annotated +=
      hits + wrong.filter((pair) => counts(pair.annotated)).length + outcome.missed.filter(counts).length;
    found +=
      hits + wrong.filter((pair) => counts(pair.found)).length + outcome.spurious.filter(counts).length;
  }
  return { annotated, found, right };
};

/** Without a copy of the set: an annotated book may be one text. */
const findIn = (spans: ReadonlySet<TypedSpan>, fits: (span: TypedSpan) => boolean): TypedSpan | undefined => {
  for (const span of spans) if (fits(span)) return span;
  return undefined;
};

const inOrder = (a: TypedSpan, b: TypedSpan): number => a.start - b.start || a.end - b.end;

const sameSpan = (a: TypedSpan, b: TypedSpan): boolean => a.start === b.start && a.end === b.end;
