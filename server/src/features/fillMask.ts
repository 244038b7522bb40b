import { t } from '@vscode/l10n';
import { ResponseError } from 'vscode-languageserver';
import {
  type FillMaskParams,
  FillMaskRequest,
  type FillMaskResult,
  FillMaskTargetRequest,
  mostMasksTogether,
} from '../protocol/fillMask';
import type { Range } from '../protocol/protocol';
import { toRange, toSpan } from '../protocol/ranges';
import type { FeatureContext } from './context';
import { fail, findTarget, masksOf } from './maskTarget';
import { runSafe } from './runSafe';
import { answerUser } from './userRequest';
import type { WordSuggestions } from './wordSuggestions';

/** Suggests words for mask tokens, a selection or the word at the cursor. */
export function registerFillMask(
  { connection, documents, logger }: FeatureContext,
  suggestions: WordSuggestions,
): void {
  connection.onRequest(FillMaskTargetRequest.type, ({ textDocument, range }, token) =>
    runSafe<Range | null>('The target of a mask', logger, token, null, async () => {
      const session = await documents.find(textDocument.uri);
      if (session?.document.version !== textDocument.version) return null;
      const { positions } = session.document;
      const target = await findTarget(session, toSpan(positions, range));
      if (target instanceof ResponseError || session.document.version !== textDocument.version) return null;
      const [first] = target.places;
      const last = target.places.at(-1) ?? first;
      return toRange(positions, { start: first.span.start, end: last.span.end });
    }),
  );
  connection.onRequest(FillMaskRequest.type, (params, token) =>
    answerUser(token, logger, (signal) => computeFilling(params, signal)),
  );

  async function computeFilling(
    { textDocument, range, together, onlyGazetteer = false }: FillMaskParams,
    signal: AbortSignal,
  ): Promise<FillMaskResult | ResponseError<void>> {
    const session = await documents.find(textDocument.uri);
    if (!session) return fail(t('This document is not open in Subtext.'));
    const hasChanged = (): boolean => session.document.version !== textDocument.version;
    if (hasChanged()) return fail(t('The document changed meanwhile.'));
    const target = await findTarget(session, toSpan(session.document.positions, range), together);
    if (target instanceof ResponseError) return target;
    const names = session.rules.gazetteer?.texts ?? [];
    const { candidates, leftOut } = await suggestions.find(session, target, {
      signal,
      ...(onlyGazetteer && { names }),
    });
    if (hasChanged()) return fail(t('The document changed meanwhile.'));
    const { length } = masksOf(session, target.sentence);
    const isOneOfSeveral = target.places.length === 1 && length > 1 && length <= mostMasksTogether;
    return {
      version: textDocument.version,
      ranges: target.places.map(({ span }) => toRange(session.document.positions, span)),
      candidates,
      ...(isOneOfSeveral && { together: length }),
      ...(names.length > 0 && { gazetteer: names.length }),
      ...(leftOut > 0 && { leftOut }),
    };
  }
}
