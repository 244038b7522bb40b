import type { TextEdit } from './prose';
import type { Span } from './span';

/**
 * A replaced stretch in the coordinates of two texts: `[fromA, toA)` of the old one became `[fromB, toB)` of
 * the new one. The field names are those of Lezer's `ChangedRange`.
 */
export interface ChangedRange {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Applies edits one after the other; the offsets of each are those of the text that the one before it left. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = text;
  for (const edit of edits) result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  return result;
}

/**
 * Carries marks through one edit. A mark grows with text put inside of it, not with text put at its edges; what
 * is deleted of it is cut off; a mark that is deleted or replaced as a whole is gone.
 *
 * @param marks sorted by start; they may overlap.
 * @returns the marks that are left, still sorted; marks that did not change are the same objects.
 */
export function shiftSpans<M extends Span>(marks: readonly M[], edit: TextEdit): M[] {
  const { start, end } = edit;
  const delta = edit.text.length - (end - start);
  const firstBehind = lowerBound(marks.length, (index) => (marks[index] as M).start >= end);
  const shifted: M[] = [];
  for (let index = 0; index < firstBehind; index++) {
    const mark = marks[index] as M;
    if (mark.end <= start) {
      shifted.push(mark);
      continue;
    }
    // The mark begins before the end of the edit and ends behind its start.
    const from = mark.start < start ? mark.start : end + delta;
    const to = mark.end > end ? mark.end + delta : start;
    if (from < to)
      shifted.push(from === mark.start && to === mark.end ? mark : { ...mark, start: from, end: to });
  }
  for (let index = firstBehind; index < marks.length; index++) {
    const mark = marks[index] as M;
    shifted.push(delta === 0 ? mark : { ...mark, start: mark.start + delta, end: mark.end + delta });
  }
  return shifted;
}

/**
 * Joins edits that follow one another into the stretches by which the first and the last text differ.
 *
 * @returns in order; neighbours are separated by at least one character that no edit touched.
 */
export function composeEdits(edits: readonly TextEdit[]): ChangedRange[] {
  const ranges: ChangedRange[] = [];
  for (const edit of edits) {
    const delta = edit.text.length - (edit.end - edit.start);
    const first = lowerBound(ranges.length, (index) => (ranges[index] as ChangedRange).toB >= edit.start);
    let behind = first;
    while (behind < ranges.length && (ranges[behind] as ChangedRange).fromB <= edit.end) behind++;
    const before = ranges[first - 1];
    const offset = before ? before.toB - before.toA : 0;
    const head = behind > first ? ranges[first] : undefined;
    const tail = behind > first ? ranges[behind - 1] : undefined;
    const fromB = Math.min(edit.start, head?.fromB ?? edit.start);
    const oldToB = Math.max(edit.end, tail?.toB ?? edit.end);
    const joined: ChangedRange = {
      fromA: fromB - offset,
      toA: oldToB - (tail ? tail.toB - tail.toA : offset),
      fromB,
      toB: oldToB + delta,
    };
    ranges.splice(first, behind - first, joined);
    if (delta === 0) continue;
    for (let index = first + 1; index < ranges.length; index++) {
      const range = ranges[index] as ChangedRange;
      ranges[index] = { ...range, fromB: range.fromB + delta, toB: range.toB + delta };
    }
  }
  return ranges;
}

/** The first index in `[0, length)` that holds, else `length`; once true it must stay true. */
export function lowerBound(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Whether changes can have led from a text of one length to one of another. A caller that gives the edits of
 * another text by mistake is to get a correct answer, only later.
 */
export function isConsistent(
  oldLength: number,
  changes: readonly ChangedRange[],
  newLength: number,
): boolean {
  const last = changes.at(-1);
  return last
    ? oldLength + last.toB - last.toA === newLength && last.toB <= newLength
    : oldLength === newLength;
}
