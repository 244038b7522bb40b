import { isBlankAt } from '../core/text/blanks';
import { GAP, type Sentence } from '../core/text/prose';
import { overlaps, overlapsAny, type Span, shiftSpan } from '../core/text/span';
import { ProseRequest, type ProseResult, type ProseSentence, type SentenceState } from '../protocol/prose';
import type { DocumentSession } from '../scheduling/documentSession';
import { type PlacedSentence, sentencesIn } from '../scheduling/layout';
import type { FeatureContext } from './context';
import { runSafe } from './runSafe';

/** Tells what of a document is analysed. */
export function registerProse({ connection, documents, logger }: FeatureContext): void {
  connection.onRequest(ProseRequest.type, ({ textDocument, span }, token) =>
    runSafe('The prose', logger, token, null, async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      return session?.document.version === textDocument.version ? computeProse(session, span) : null;
    }),
  );
}

function computeProse(session: DocumentSession, span: Span): ProseResult {
  const { skipped } = session;
  return {
    sentences: [...sentencesIn(session.layout, span)].map((placed) => toProseSentence(session, placed)),
    counts: countStates(session),
    ...(skipped && { skipped }),
  };
}

function toProseSentence(session: DocumentSession, placed: PlacedSentence): ProseSentence {
  const { sentence, block, span } = placed;
  const gaps = Array.from(gapsOf(sentence), (gap) => shiftSpan(gap, block.start));
  return { ...span, state: stateOf(session, placed), index: block.block.sentences.indexOf(sentence), gaps };
}

function stateOf(session: DocumentSession, { sentence, span }: PlacedSentence): SentenceState {
  return overlapsAny(session.ignored, span) ? 'ignored' : analysisStateOf(session, sentence);
}

function analysisStateOf(session: DocumentSession, sentence: Sentence): Exclude<SentenceState, 'ignored'> {
  const analysis = session.analysisOf(sentence);
  if (!analysis) return 'pending';
  return analysis.isLeftOut ? 'leftOut' : 'analyzed';
}

/** Looks at the sentences that are ignored only, of which there are few. */
function countStates(session: DocumentSession): ProseResult['counts'] {
  const { analyzed, total } = session.progress;
  const leftOut = [...session.leftOut.values()].reduce((sum, count) => sum + count, 0);
  const counts = { analyzed: analyzed - leftOut, pending: total - analyzed, ignored: 0, leftOut };
  const counted = new Set<Sentence>();
  for (const ignored of session.ignored) {
    for (const { sentence, span } of sentencesIn(session.layout, ignored)) {
      if (!overlaps(ignored, span) || counted.has(sentence)) continue;
      counted.add(sentence);
      counts.ignored++;
      counts[analysisStateOf(session, sentence)]--;
    }
  }
  return counts;
}

/** What lies between the sources of its characters, what stands for something else than text, and line breaks with marks. */
function* gapsOf(sentence: Sentence): Generator<Span> {
  const { text, source } = sentence;
  let read = source.start;
  for (let index = 0; index < text.length; index++) {
    const { start, end } = sentence.toSource({ start: index, end: index + 1 });
    if (text[index] === GAP || (end - start > 1 && isBlankAt(text, index))) continue;
    if (start > read) yield { start: read, end: start };
    read = Math.max(read, end);
  }
  if (read < source.end) yield { start: read, end: source.end };
}
