import type { TextEdit } from '../../../server/src/core/text/prose';

/** One change as the editor tells it; offsets are UTF-16 units of the text before all changes of the event. */
export interface ContentChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * An event with more changes than this (replace all, a formatter) is taken as one edit from the first to the
 * last of them: following every mark through every change would take noticeable time.
 */
const maximumSeparateEdits = 64;

/**
 * The changes of one event as edits, one after the other.
 * @param newText a part of the text after the event
 */
export function toTextEdits(
  changes: readonly ContentChange[],
  newText: (start: number, end: number) => string,
): readonly TextEdit[] {
  // From the last to the first, so that no edit moves the offsets of one that follows.
  const edits = changes
    .map(({ rangeOffset, rangeLength, text }) => ({
      start: rangeOffset,
      end: rangeOffset + rangeLength,
      text,
    }))
    .sort((a, b) => b.start - a.start || b.end - a.end);
  const last = edits[0];
  const first = edits.at(-1);
  if (edits.length <= maximumSeparateEdits || !first || !last) return edits;
  const growth = edits.reduce((sum, { start, end, text }) => sum + text.length - (end - start), 0);
  return [{ start: first.start, end: last.end, text: newText(first.start, last.end + growth) }];
}
