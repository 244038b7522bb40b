import { findLinks, linkLength } from './links';
import { segmentSentences } from './sentences';
import type { Span } from './span';

/** No block of text without mark-up is longer, so that the work a step does is bounded. */
export const maxBlockLength = 10_000;

/** Where a cut is looked for first: most texts have a sentence end in so many characters. */
const sentenceContext = 1_000;

/** How much text around a cut decides where a user-perceived character ends. */
const graphemeContext = 512;

/**
 * Where to cut off the first piece of `[start, end)`: at `end` where it is short enough, else at the last
 * sentence end, line break, blank or grapheme boundary, the first of these that lies in the second half of the
 * longest possible piece. Links, such as images within the text, are not cut: one that is longer than a piece may
 * be is a piece by itself. It depends on `source` from `start` to {@link cutReach} of the piece only.
 */
export function pieceEnd(source: string, start: number, end: number): number {
  if (end - start <= maxBlockLength) return end;
  const half = start + maxBlockLength / 2;
  const limit = start + maxBlockLength;
  const window = source.slice(start, limit);
  if (linkLength(window) === window.length) return Math.min(start + linkLength(source.slice(start)), end);
  const lastLink = findLinks(window).at(-1);
  if (lastLink && lastLink.start > 0 && !/\s/.test(source.slice(start + lastLink.end, limit))) {
    return start + lastLink.start;
  }
  for (const from of [limit - sentenceContext, half]) {
    // Line breaks may be soft, so they do not count as sentence ends here.
    const oneLine = source.slice(from, limit).replace(/[\r\n\u0085\u2028\u2029]/g, ' ');
    const sentences = segmentSentences(oneLine);
    const last = sentences.at(-1);
    if (last && sentences.length > 1) return from + last.start;
  }
  for (const blank of [/[\r\n]/, /\s/]) {
    for (let index = limit - 1; index > half; index--) if (blank.test(source[index] as string)) return index;
  }
  return graphemeBoundary(source, limit);
}

/** The end of the source that {@link pieceEnd} looks at for a piece that it has to cut. */
export const cutReach = (piece: Span): number =>
  Math.max(piece.start + maxBlockLength + graphemeContext, piece.end + 1);

/** Whether a piece is a link longer than a piece may be, which holds no prose. */
export const isLongLink = (piece: Span): boolean => piece.end - piece.start > maxBlockLength;

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
