import { t } from '@vscode/l10n';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { MaskCandidate } from '../core/tasks/results';
import { toText } from '../core/text/locate';
import { findMaskTokens, withMaskToken } from '../core/text/maskTokens';
import { type Span, shiftSpan } from '../core/text/span';
import { type FillMaskCandidate, FillMaskRequest } from '../protocol/protocol';
import { toRange, toSpan } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import { type PlacedSentence, sentenceAt } from '../scheduling/layout';
import type { FeatureContext } from './context';

/**
 * How many more candidates are asked for than shown, since word pieces, punctuation and the word that already
 * stands there are left out.
 */
const SURPLUS = 40;

/** What to fill, and the sentence around it. */
export interface MaskTarget {
  /** In the document. */
  readonly span: Span;
  readonly sentence: PlacedSentence;
  /** In the sentence's text. */
  readonly inText: Span;
  /** A mask token that the user wrote, rather than a word or selection that is masked for the question. */
  readonly isMaskToken: boolean;
}

const fail = (message: string): ResponseError<void> =>
  new ResponseError<void>(LSPErrorCodes.RequestFailed, message);

/** Suggests words for a mask token, a selection or the word at the cursor. */
export function registerFillMask({ connection, documents }: FeatureContext): void {
  connection.onRequest(FillMaskRequest.type, async ({ textDocument, range }) => {
    const session = await documents.find(textDocument.uri);
    if (!session) return fail(t('This document is not open in Subtext.'));
    if (session.document.version !== textDocument.version) return fail(t('The document changed meanwhile.'));
    const target = await findTarget(session, toSpan(session.document.positions, range));
    if (target instanceof ResponseError) return target;
    try {
      const candidates = await suggest(session, target);
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
  const isMaskToken = findMaskTokens(sentence.sentence.text).some(
    (mask) => mask.start === inText.start && mask.end === inText.end,
  );
  return { span: target, sentence, inText, isMaskToken };
}

/** The mask token at the cursor, else the word there. A cursor just behind either counts. */
function nearestTarget(
  session: DocumentSession,
  { sentence, span, block }: PlacedSentence,
  cursor: number,
): Span | undefined {
  const text = session.document.getText().slice(span.start, span.end);
  const touches = ({ start, end }: Span) => start <= cursor && cursor <= end;
  const mask = findMaskTokens(text)
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

/** The candidates for a target, as a person wants them: whole words, best first. */
export async function suggest(
  session: DocumentSession,
  target: MaskTarget,
): Promise<readonly FillMaskCandidate[]> {
  const { text } = target.sentence.sentence;
  const { engine, model } = session.engines.fillMask;
  const before = withMaskToken(text.slice(0, target.inText.start), model.maskToken);
  const after = withMaskToken(text.slice(target.inText.end), model.maskToken);
  const wanted = session.settings['fillMask.candidates'];
  const predictions = await engine.fillMask(`${before.text}${model.maskToken}${after.text}`, {
    topK: wanted + SURPLUS,
  });
  const candidates = predictions[before.masks.length]?.candidates ?? [];
  const original = target.isMaskToken ? undefined : text.slice(target.inText.start, target.inText.end);
  const isAfterSpace = /\s$/u.test(before.text);
  const usable = candidates.filter(
    (candidate) =>
      isForPeople(candidate, target.isMaskToken) &&
      !(isAfterSpace && marksWords(candidates) && continuesWord(candidate)) &&
      candidate.text !== original,
  );
  // A word may be in the vocabulary with a space before it and without; the better one comes first.
  const distinct = usable.filter(
    ({ text: word }, i) => usable.findIndex((other) => other.text === word) === i,
  );
  return distinct.slice(0, wanted).map((candidate) => ({ text: candidate.text, score: candidate.score }));
}

/** Byte-level BPE and Unigram mark pieces that begin a word; WordPiece marks the others. */
const wordMark = /^[Ġ▁]/u;
const marksWords = (candidates: readonly MaskCandidate[]): boolean =>
  candidates.some(({ token }) => wordMark.test(token));
const continuesWord = ({ token, text }: MaskCandidate): boolean =>
  !wordMark.test(token) && /^[\p{L}\p{N}]/u.test(text);

/** Leaves out word pieces and special tokens, and punctuation unless a mask was put where it may belong. */
function isForPeople({ token, text }: MaskCandidate, allowsPunctuation: boolean): boolean {
  if (token.startsWith('##') || /^(\[.+\]|<.+>)$/u.test(token)) return false;
  return allowsPunctuation ? text.trim() !== '' : /[\p{L}\p{N}]/u.test(text);
}
