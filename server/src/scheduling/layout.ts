import type { PlacedBlock, Sentence } from '../core/text/prose';
import { type Span, shiftSpan } from '../core/text/span';

/** What an edit did to the prose of a document. */
export interface LayoutChange {
  readonly removed: readonly PlacedBlock[];
  readonly added: readonly PlacedBlock[];
  /** The stretch of the new text outside of which every block is the object that it was. */
  readonly window: Span;
}

/** Compares by identity: extractors return unchanged blocks as the same objects. */
export function diffLayouts(
  before: readonly PlacedBlock[],
  after: readonly PlacedBlock[],
  length: number,
): LayoutChange {
  const shorter = Math.min(before.length, after.length);
  let prefix = 0;
  while (prefix < shorter && before[prefix]?.block === after[prefix]?.block) prefix++;
  let suffix = 0;
  while (
    suffix < shorter - prefix &&
    before[before.length - 1 - suffix]?.block === after[after.length - 1 - suffix]?.block
  ) {
    suffix++;
  }
  return {
    removed: before.slice(prefix, before.length - suffix),
    added: after.slice(prefix, after.length - suffix),
    window: {
      start: after[prefix - 1]?.end ?? 0,
      end: after[after.length - suffix]?.start ?? length,
    },
  };
}

/** A sentence at its place in the document. */
export interface PlacedSentence {
  readonly sentence: Sentence;
  readonly block: PlacedBlock;
  /** In the document. */
  readonly span: Span;
}

/** The sentences that touch a span, in order. */
export function* sentencesIn(layout: readonly PlacedBlock[], span: Span): Generator<PlacedSentence> {
  for (let index = firstBlockReaching(layout, span.start); index < layout.length; index++) {
    const block = layout[index];
    if (!block || block.start > span.end) return;
    for (const sentence of block.block.sentences) {
      const at = shiftSpan(sentence.source, block.start);
      if (at.start > span.end) break;
      if (at.end >= span.start) yield { sentence, block, span: at };
    }
  }
}

/**
 * The sentence at an offset; its end belongs to it, so that a cursor behind the last word finds it. Where a note stands
 * inside of another sentence, it is the note's.
 */
export function sentenceAt(layout: readonly PlacedBlock[], offset: number): PlacedSentence | undefined {
  let touching: PlacedSentence | undefined;
  let around: PlacedSentence | undefined;
  for (const placed of sentencesIn(layout, { start: offset, end: offset })) {
    touching = placed;
    if (offset < placed.span.end && (!around || placed.span.end <= around.span.end)) around = placed;
  }
  return around ?? touching;
}

/** Index of the first block that ends at `offset` or behind; the number of blocks if there is none. */
function firstBlockReaching(layout: readonly PlacedBlock[], offset: number): number {
  let low = 0;
  let high = layout.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = layout[middle];
    if (block && block.end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
