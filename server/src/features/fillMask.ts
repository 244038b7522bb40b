import { t } from '@vscode/l10n';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { toText } from '../core/text/locate';
import { findMaskTokens, typedPrefix } from '../core/text/maskTokens';
import { type Span, shiftSpan } from '../core/text/span';
import { FillMaskRequest, FillMaskTargetRequest, type Range } from '../protocol/protocol';
import { toRange, toSpan } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import { type PlacedSentence, sentenceAt } from '../scheduling/layout';
import type { FeatureContext } from './context';
import { runSafe } from './runSafe';
import type { WordSuggestions } from './wordSuggestions';

/** What to fill, and the sentence around it. */
export interface MaskTarget {
  /** In the document. */
  readonly span: Span;
  readonly sentence: PlacedSentence;
  /** In the sentence's text. */
  readonly inText: Span;
  /** A mask token that the user wrote, rather than a word or selection that is masked for the question. */
  readonly isMaskToken: boolean;
  /** The beginning of the word, where it stands right before the mask token; it is part of the spans. */
  readonly prefix: string;
}

const fail = (message: string): ResponseError<void> =>
  new ResponseError<void>(LSPErrorCodes.RequestFailed, message);

/** Suggests words for a mask token, a selection or the word at the cursor. */
export function registerFillMask(
  { connection, documents, logger }: FeatureContext,
  suggestions: WordSuggestions,
): void {
  connection.onRequest(FillMaskTargetRequest.type, ({ textDocument, range }, token) =>
    runSafe<Range | null>('The target of a mask', logger, token, null, async () => {
      const session = await documents.find(textDocument.uri);
      if (session?.document.version !== textDocument.version) return null;
      const target = await findTarget(session, toSpan(session.document.positions, range));
      if (target instanceof ResponseError || session.document.version !== textDocument.version) return null;
      return toRange(session.document.positions, target.span);
    }),
  );
  connection.onRequest(FillMaskRequest.type, async ({ textDocument, range }) => {
    const session = await documents.find(textDocument.uri);
    if (!session) return fail(t('This document is not open in Subtext.'));
    if (session.document.version !== textDocument.version) return fail(t('The document changed meanwhile.'));
    const target = await findTarget(session, toSpan(session.document.positions, range));
    if (target instanceof ResponseError) return target;
    try {
      const candidates = await suggestions.find(session, target);
      if (session.document.version !== textDocument.version)
        return fail(t('The document changed meanwhile.'));
      return {
        version: textDocument.version,
        range: toRange(session.document.positions, target.span),
        candidates,
      };
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error));
    }
  });
}

/** @param selection in the document; empty for a cursor. */
export async function findTarget(
  session: DocumentSession,
  selection: Span,
): Promise<MaskTarget | ResponseError<void>> {
  const sentence = sentenceAt(await session.prose(), selection.start);
  if (!sentence) return fail(t('There is no prose here to fill in.'));
  const { block } = sentence;
  const target =
    selection.start < selection.end ? selection : nearestTarget(session, sentence, selection.start);
  if (!target) return fail(t('Put the cursor on a word or a mask token such as {0}.', '[MASK]'));
  if (target.end > sentence.span.end) return fail(t('Select text within one sentence.'));
  const inText = toText(sentence.sentence, shiftSpan(target, -block.start));
  if (!inText) return fail(t('There is no prose here to fill in.'));
  const { text } = sentence.sentence;
  const mask = findMaskTokens(text).find(({ start, end }) => start >= inText.start && end === inText.end);
  const prefix = mask ? text.slice(inText.start, mask.start) : '';
  const isMaskToken = mask !== undefined && typedPrefix(prefix) === prefix;
  return { span: target, sentence, inText, isMaskToken, prefix: isMaskToken ? prefix : '' };
}

/**
 * The mask token at the cursor, with the beginning of a word right before it, else the word there. A cursor just
 * behind either counts.
 */
function nearestTarget(
  session: DocumentSession,
  { sentence, span, block }: PlacedSentence,
  cursor: number,
): Span | undefined {
  const text = session.document.getText().slice(span.start, span.end);
  const touches = ({ start, end }: Span) => start <= cursor && cursor <= end;
  const mask = findMaskTokens(text)
    .map(({ start, end }) => ({ start: start - typedPrefix(text.slice(0, start)).length, end }))
    .map((found) => shiftSpan(found, span.start))
    .find(touches);
  if (mask) return mask;
  let behind: Span | undefined;
  for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(
    sentence.text,
  )) {
    if (!isWordLike) continue;
    const word = shiftSpan(sentence.toSource({ start: index, end: index + segment.length }), block.start);
    if (word.start > cursor) break;
    if (cursor < word.end) return word;
    if (cursor === word.end) behind = word;
  }
  return behind;
}
