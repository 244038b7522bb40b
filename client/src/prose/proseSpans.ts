import type { Span } from '../../../server/src/core/text/span';
import type { ProseSentence } from '../../../server/src/protocol/prose';

/**
 * How a stretch of text looks while prose is shown. `first` and `second` take turns within a paragraph, so that one
 * sees where a sentence ends; `pending` comes on top, `ignored` is what is left out for whatever reason; `rest` is what no
 * model sees.
 */
export const proseStyles = ['first', 'second', 'pending', 'ignored', 'rest'] as const;
export type ProseStyle = (typeof proseStyles)[number];

/** What has which look in a stretch of a document, given the sentences there in order. */
export function proseSpans(sentences: readonly ProseSentence[], shown: Span): Record<ProseStyle, Span[]> {
  const spans: Record<ProseStyle, Span[]> = { first: [], second: [], pending: [], ignored: [], rest: [] };
  let { start } = shown;
  const addRest = (span: Span) => {
    if (span.start < span.end) spans.rest.push(span);
  };
  for (const sentence of sentences) {
    const { state, index, end } = sentence;
    addRest({ start, end: sentence.start });
    start = end;
    const ground = index % 2 === 0 ? 'first' : 'second';
    const style = state === 'ignored' || state === 'leftOut' ? 'ignored' : ground;
    for (const gap of sentence.gaps) addRest(gap);
    spans[style].push(...partsOf(sentence));
    if (state === 'pending') spans.pending.push(...partsOf(sentence));
  }
  addRest({ start, end: shown.end });
  return spans;
}

/** What of a sentence is read. */
function* partsOf({ start, end, gaps }: ProseSentence): Generator<Span> {
  let from = start;
  for (const gap of gaps) {
    if (from < gap.start) yield { start: from, end: gap.start };
    from = gap.end;
  }
  if (from < end) yield { start: from, end };
}
