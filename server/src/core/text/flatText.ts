import { findLinks } from './links';
import { cutReach, isLongLink, pieceEnd } from './pieces';
import { GAP, type PlacedBlock } from './prose';
import { createBlock } from './proseBlock';
import { ProseTextBuilder } from './proseText';
import type { Span } from './span';
import type { Units } from './units';

/**
 * Cuts a stretch of text without mark-up, which may be of any length, into pieces of one block each. Offsets are
 * relative to its start.
 */
export function flatUnits(source: string, { start, end }: Span): Units {
  return {
    next(offset) {
      const from = start + offset;
      if (from >= end) return undefined;
      const to = pieceEnd(source, from, end);
      const piece = { start: offset, end: to - start };
      return { ...piece, reach: to === end ? Number.POSITIVE_INFINITY : cutReach(piece) };
    },
    extract(unit) {
      const piece = { start: start + unit.start, end: start + unit.end };
      return flatBlock(source, piece, start);
    },
  };
}

/**
 * The block that text without mark-up makes, URLs replaced by gaps; empty where there is no prose.
 *
 * @param origin the offset in `source` to which the block's place is relative.
 */
export function flatBlock(source: string, span: Span, origin: number): PlacedBlock[] {
  if (isLongLink(span)) return [];
  const builder = new ProseTextBuilder(source, span.start);
  let at = span.start;
  for (const link of findLinks(source.slice(span.start, span.end))) {
    builder.copy(at, span.start + link.start);
    at = span.start + link.end;
    builder.replace(span.start + link.start, at, GAP);
  }
  builder.copy(at, span.end);
  const block = createBlock(builder.build());
  return block ? [{ start: span.start - origin, end: span.end - origin, block }] : [];
}
