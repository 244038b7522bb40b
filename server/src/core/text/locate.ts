import type { Sentence } from './prose';
import type { Span } from './span';

/**
 * The part of a sentence's text that comes from a stretch of the source: the inverse of `toSource`.
 *
 * @param source relative to the start of the block, as `sentence.source`.
 * @returns undefined where nothing of the stretch is in the sentence.
 */
export function toText(sentence: Sentence, source: Span): Span | undefined {
  const { length } = sentence.text;
  const start = firstIndex(
    length,
    (index) => sentence.toSource({ start: index, end: index + 1 }).end > source.start,
  );
  const end = firstIndex(
    length,
    (index) => sentence.toSource({ start: index, end: index + 1 }).start >= source.end,
  );
  return start < end ? { start, end } : undefined;
}

/** Binary search: the first index for which a predicate holds that holds for all behind it. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
