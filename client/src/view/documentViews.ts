import type { Span } from '../../../server/src/core/text/span';
import type { ViewParams } from '../../../server/src/protocol/protocol';

/** What one editor shows of its document. */
export interface EditorView {
  readonly uri: string;
  readonly version: number;
  readonly active: boolean;
  readonly visible: readonly Span[];
  readonly cursor: number;
}

/** One view a document: an editor may be split, and the cursor that counts is the active editor's. */
export function mergeViews(editors: readonly EditorView[]): ReadonlyMap<string, ViewParams> {
  const views = new Map<string, ViewParams>();
  for (const { uri, version, active, visible, cursor } of editors) {
    const other = views.get(uri);
    const cursorOf = active ? cursor : other?.cursor;
    views.set(uri, {
      uri,
      version,
      active: active || (other?.active ?? false),
      visible: joinSpans([...(other?.visible ?? []), ...visible]),
      ...(cursorOf === undefined ? {} : { cursor: cursorOf }),
    });
  }
  return views;
}

/**
 * What to tell the server, given what it was told before: documents whose view is another one, and those that
 * are no longer seen. The version alone does not count: offsets that are the same say nothing new.
 */
export function changedViews(
  told: ReadonlyMap<string, ViewParams>,
  current: ReadonlyMap<string, ViewParams>,
): readonly ViewParams[] {
  const left = [...told.values()].filter((view) => !current.has(view.uri) && !isLeft(view));
  const changed = [...current.values()].filter((view) => {
    const before = told.get(view.uri);
    return !before || !sameView(before, view);
  });
  return [...left.map(({ uri, version }) => ({ uri, version, active: false, visible: [] })), ...changed];
}

const isLeft = (view: ViewParams): boolean => !view.active && view.visible.length === 0;

const sameView = (a: ViewParams, b: ViewParams): boolean =>
  a.active === b.active &&
  a.cursor === b.cursor &&
  a.visible.length === b.visible.length &&
  a.visible.every(
    (span, index) => span.start === b.visible[index]?.start && span.end === b.visible[index]?.end,
  );

/** In order, those that overlap or touch joined. */
function joinSpans(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && span.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else joined.push(span);
  }
  return joined;
}
