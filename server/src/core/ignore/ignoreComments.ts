import type { TextEdit } from '../text/prose';
import type { Span } from '../text/span';

/** What comments of a document say is not to be reported. */
export interface IgnoredText {
  /** Such a file is not analysed unless the user asks for it, and then nothing of it is left out. */
  readonly wholeFile: boolean;
  /** In order, not overlapping. The comments themselves lie within, since in plain text they are prose. */
  readonly spans: readonly Span[];
}

const nothing: IgnoredText = { wholeFile: false, spans: [] };

const directivePrefix = 'subtext:ignore-';
const directivePattern = /subtext:ignore-(file|start|end|line|next-line)(?![\w-])/gu;

/**
 * Finds `subtext:ignore-…` in a text as it is written, so that it works in the comments of any language. A region
 * that is not ended goes on to the end of the text.
 */
export function findIgnoredText(text: string): IgnoredText {
  if (!text.includes(directivePrefix)) return nothing;
  const spans: Span[] = [];
  const add = (start: number, end: number) => {
    const last = spans.at(-1);
    if (last && start <= last.end)
      spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else spans.push({ start, end });
  };
  let regionStart: number | undefined;
  for (const { 0: directive, 1: kind, index } of text.matchAll(directivePattern)) {
    const lineStart = text.lastIndexOf('\n', index - 1) + 1;
    switch (kind) {
      case 'file':
        return { wholeFile: true, spans: [] };
      case 'start':
        regionStart ??= index;
        break;
      case 'end':
        if (regionStart !== undefined) add(regionStart, index + directive.length);
        regionStart = undefined;
        break;
      case 'line':
        if (regionStart === undefined) add(lineStart, lineEnd(text, index));
        break;
      default:
        if (regionStart === undefined) add(index, lineEnd(text, lineEnd(text, index) + 1));
    }
  }
  if (regionStart !== undefined) add(regionStart, text.length);
  return { wholeFile: false, spans };
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

/**
 * Whether the ignored spans are where edits took them. Where they are not, more than the edited text changes its looks.
 *
 * @param delta by how much the text grew.
 */
export function movedAlong(
  before: readonly Span[],
  after: readonly Span[],
  edits: readonly TextEdit[],
  delta: number,
): boolean {
  if (before.length !== after.length) return false;
  const firstEdit = Math.min(...edits.map(({ start }) => start));
  const move = (offset: number) => (offset <= firstEdit ? offset : offset + delta);
  return before.every(
    ({ start, end }, index) => move(start) === after[index]?.start && move(end) === after[index]?.end,
  );
}
