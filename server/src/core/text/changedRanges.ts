import type { ChangedRange } from './edits';

/**
 * Makes changes begin a line earlier and end with their line. Lezer looks ahead by a line to see whether a table
 * begins, so the block before that line depends on it.
 *
 * @param text the new text.
 */
export function widenByLines(text: string, changes: readonly ChangedRange[]): ChangedRange[] {
  const widened: ChangedRange[] = [];
  for (const change of changes) {
    const before = change.fromB - lineStart(text, lineStart(text, change.fromB) - 1);
    const behind = lineEnd(text, change.toB) - change.toB;
    const next: ChangedRange = {
      fromA: change.fromA - before,
      toA: change.toA + behind,
      fromB: change.fromB - before,
      toB: change.toB + behind,
    };
    const last = widened.at(-1);
    if (last && next.fromB <= last.toB) {
      const toB = Math.max(last.toB, next.toB);
      widened[widened.length - 1] = { ...last, toA: toB - (change.toB - change.toA), toB };
    } else widened.push(next);
  }
  return widened;
}

/** The start of the line that holds an offset; the middle of a CRLF belongs to the line that it ends. */
function lineStart(text: string, offset: number): number {
  if (offset <= 0) return 0;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const isInCrLf = text[offset] === '\n' && text[offset - 1] === '\r';
  const line = text.slice(start, isInCrLf ? offset - 1 : offset);
  return start + line.lastIndexOf('\r') + 1;
}

function lineEnd(text: string, offset: number): number {
  const lineFeed = text.indexOf('\n', offset);
  return lineFeed < 0 ? text.length : lineFeed;
}

/** Adds the start of the document up to the end of the front matter, old and new, to the changes. */
export function coverHead(
  changes: readonly ChangedRange[],
  oldEnd: number,
  newEnd: number,
): readonly ChangedRange[] {
  if (oldEnd === 0 && newEnd === 0) return changes;
  let toA = oldEnd;
  let by = 0;
  let covered = 0;
  for (;;) {
    toA = Math.max(toA, newEnd - by);
    const next = changes[covered];
    if (!next || next.fromA > toA) break;
    by = next.toB - next.toA;
    toA = Math.max(toA, next.toA);
    covered++;
  }
  return [{ fromA: 0, toA, fromB: 0, toB: toA + by }, ...changes.slice(covered)];
}
