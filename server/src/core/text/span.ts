/**
 * A half-open range `[start, end)` of UTF-16 code units, as in JavaScript strings and LSP offsets.
 * What it is relative to (document, block, sentence) is said where it is used.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

export const contains = (span: Span, offset: number): boolean => span.start <= offset && offset < span.end;

export const shiftSpan = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by });

/** @param spans in order, not overlapping. */
export function overlapsAny(spans: readonly Span[], span: Span): boolean {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = spans[middle];
    if (one && one.end <= span.start) low = middle + 1;
    else high = middle;
  }
  const first = spans[low];
  return first !== undefined && overlaps(first, span);
}
