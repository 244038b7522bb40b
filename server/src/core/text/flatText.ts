import { findLinks } from './links';
import { GAP } from './prose';
import type { ProseTextBuilder } from './proseText';

/** Takes over `[start, end)` of the source as text without mark-up, with URLs as gaps. */
export function copyFlat(builder: ProseTextBuilder, source: string, start: number, end: number): void {
  let at = start;
  for (const link of findLinks(source.slice(start, end))) {
    builder.copy(at, start + link.start);
    at = start + link.end;
    builder.replace(start + link.start, at, GAP);
  }
  builder.copy(at, end);
}
