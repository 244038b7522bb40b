import { t } from '@vscode/l10n';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { toText } from '../core/text/locate';
import { findMaskTokens, typedPrefix } from '../core/text/maskTokens';
import { type Span, shiftSpan } from '../core/text/span';
import { mostMasksTogether } from '../protocol/fillMask';
import type { DocumentSession } from '../scheduling/documentSession';
import { type PlacedSentence, sentenceAt } from '../scheduling/layout';

/** A place to fill. */
export interface MaskPlace {
  /** In the document. */
  readonly span: Span;
  /** In the sentence's text. */
  readonly inText: Span;
  /** The beginning of the word, where it stands right before the mask token; it is part of the spans. */
  readonly prefix: string;
}

/** What to fill, and the sentence around it. */
export interface MaskTarget {
  readonly sentence: PlacedSentence;
  /** In order; several are filled together. */
  readonly places: readonly [MaskPlace, ...MaskPlace[]];
  /** Mask tokens that the user wrote, rather than a word or selection that is masked for the question. */
  readonly areMaskTokens: boolean;
}

type Failure = ResponseError<void>;

export const fail = (message: string): Failure =>
  new ResponseError<void>(LSPErrorCodes.RequestFailed, message);

/**
 * What is filled at a place: see `FillMaskParams`.
 *
 * @param selection in the document; empty for a cursor.
 */
export async function findTarget(
  session: DocumentSession,
  selection: Span,
  together = false,
): Promise<MaskTarget | Failure> {
  const sentence = sentenceAt(await session.prose(), selection.start);
  if (!sentence) return fail(t('There is no prose here to fill in.'));
  const isCursor = selection.start === selection.end;
  const masks = masksOf(session, sentence);
  const selected = masks.filter(({ span }) => selection.start < span.end && span.end <= selection.end);
  if (together || selected.length > 1) return toJointTarget(sentence, selected.length > 1 ? selected : masks);
  const mask = isCursor
    ? masks.find(({ span }) => span.start <= selection.start && selection.start <= span.end)
    : selected.find(
        ({ span, prefix }) =>
          [span.start, span.start + prefix.length].includes(selection.start) && span.end === selection.end,
      );
  if (mask) return { sentence, places: [mask], areMaskTokens: true };
  const span = isCursor ? wordAt(sentence, selection.start) : selection;
  if (!span) return fail(t('Put the cursor on a word or a mask token such as {0}.', '[MASK]'));
  if (span.end > sentence.span.end) return fail(t('Select text within one sentence.'));
  const inText = toText(sentence.sentence, shiftSpan(span, -sentence.block.start));
  if (!inText) return fail(t('There is no prose here to fill in.'));
  return { sentence, places: [{ span, inText, prefix: '' }], areMaskTokens: false };
}

function toJointTarget(sentence: PlacedSentence, places: readonly MaskPlace[]): MaskTarget | Failure {
  const [first, ...others] = places;
  if (!first) return fail(t('This sentence has no mask token such as {0}.', '[MASK]'));
  if (places.length > mostMasksTogether)
    return fail(t('At most {0} masks are filled together. Select some of them.', mostMasksTogether));
  return { sentence, places: [first, ...others], areMaskTokens: true };
}

/** The mask tokens of a sentence, each with the beginning of a word right before it. */
export function masksOf(
  { document }: DocumentSession,
  { sentence, span, block }: PlacedSentence,
): readonly MaskPlace[] {
  const source = document.getText().slice(span.start, span.end);
  return findMaskTokens(sentence.text).map((mask) => {
    const token = shiftSpan(sentence.toSource(mask), block.start);
    const prefix = typedPrefix(source.slice(0, token.start - span.start));
    return {
      span: { start: token.start - prefix.length, end: token.end },
      inText: { start: mask.start - prefix.length, end: mask.end },
      prefix,
    };
  });
}

/** The word at the cursor; one that the cursor is just behind counts. */
function wordAt({ sentence, block }: PlacedSentence, cursor: number): Span | undefined {
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
