import { lowerBound } from './edits';
import type { Span } from './span';

/** Where each character of a text made from a source came from. */
export interface SourceMap {
  /** See `Sentence.toSource`; offsets beyond the text are taken as its end. */
  toSource(span: Span): Span;
}

/** The map of a text that is a verbatim copy of the source from an offset on. */
export const verbatimMap = (sourceStart: number): SourceMap => ({
  toSource: (span) => ({ start: span.start + sourceStart, end: span.end + sourceStart }),
});

/** Numbers a segment in the list that {@link segmentMap} takes. */
const stride = 3;

/**
 * @param segments text start, source start and source length of one segment after the other, in order. Where
 *   a segment is as long in the text as in the source it is a copy, character by character; otherwise it stands
 *   for its source as a whole. Source between segments has no text.
 */
export function segmentMap(segments: readonly number[], textLength: number): SourceMap {
  const data = Uint32Array.from(segments);
  const count = data.length / stride;
  const textStart = (segment: number): number =>
    segment < count ? (data[segment * stride] as number) : textLength;
  const segmentOf = (offset: number): number =>
    lowerBound(count, (segment) => textStart(segment + 1) > offset);

  const startOf = (offset: number): number => {
    const segment = segmentOf(offset);
    const sourceStart = data[segment * stride + 1] as number;
    const sourceLength = data[segment * stride + 2] as number;
    const copied = textStart(segment + 1) - textStart(segment) === sourceLength;
    return copied ? sourceStart + offset - textStart(segment) : sourceStart;
  };
  /** Just behind the source of the character before `offset`. */
  const endOf = (offset: number): number => {
    const segment = segmentOf(offset - 1);
    const sourceStart = data[segment * stride + 1] as number;
    const sourceLength = data[segment * stride + 2] as number;
    const copied = textStart(segment + 1) - textStart(segment) === sourceLength;
    return copied ? sourceStart + offset - textStart(segment) : sourceStart + sourceLength;
  };

  return {
    toSource({ start, end }) {
      const from = Math.min(Math.max(start, 0), textLength);
      const to = Math.min(Math.max(end, from), textLength);
      if (from < to) return { start: startOf(from), end: endOf(to) };
      const at = from < textLength ? startOf(from) : endOf(textLength);
      return { start: at, end: at };
    },
  };
}
