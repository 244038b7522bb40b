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
