import { segmentSentences } from './sentences';
import type { Span } from './span';

/** No block holds more characters of the source, so that the work a step does is bounded. */
export const maxBlockLength = 10_000;

/** How much text around a cut decides where a user-perceived character ends. */
const graphemeContext = 512;

/**
 * Where to cut off the first piece of `[start, end)`: at `end` where it is short enough, else at the last
 * sentence end, line break, blank or grapheme boundary, the first of these that lies in the second half of the
 * longest possible piece. It depends on `source` from `start` to {@link cutReach} only.
 */
export function pieceEnd(source: string, start: number, end: number): number {
  if (end - start <= maxBlockLength) return end;
  const half = start + maxBlockLength / 2;
  const limit = start + maxBlockLength;
  // Line breaks may be soft, so they do not count as sentence ends here.
  const oneLine = source.slice(start, limit).replace(/[\r\n\u0085\u2028\u2029]/g, ' ');
  const lastSentence = start + (segmentSentences(oneLine).at(-1)?.start ?? 0);
  if (lastSentence > half) return lastSentence;
  for (const blank of [/[\r\n]/, /\s/]) {
    for (let index = limit - 1; index > half; index--) if (blank.test(source[index] as string)) return index;
  }
  return graphemeBoundary(source, limit);
}

/** The end of the source that {@link pieceEnd} looks at for a piece that it has to cut. */
export const cutReach = (start: number): number => start + maxBlockLength + graphemeContext;

/** Cuts `[start, end)` into pieces of at most {@link maxBlockLength}. */
export function* pieces(source: string, start: number, end: number): Generator<Span> {
  for (let from = start; from < end; ) {
    const to = pieceEnd(source, from, end);
    yield { start: from, end: to };
    from = to;
  }
}

function graphemeBoundary(source: string, limit: number): number {
  const from = limit - graphemeContext;
  const around = source.slice(from, limit + graphemeContext);
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const cluster = segmenter.segment(around).containing(graphemeContext);
  // A cluster that fills the whole context is cut: it is no character a person would write.
  if (cluster && cluster.index > 0) return from + cluster.index;
  return /[\uDC00-\uDFFF]/.test(source[limit] as string) &&
    /[\uD800-\uDBFF]/.test(source[limit - 1] as string)
    ? limit - 1
    : limit;
}
