import { t } from '@vscode/l10n';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import {
  type InspectTokensParams,
  InspectTokensRequest,
  type InspectTokensResult,
} from '../protocol/protocol';
import { toOffset } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import { sentenceAt } from '../scheduling/layout';
import type { FeatureContext } from './context';
import { answerUser } from './userRequest';

/** Shows what the models see in the sentence at the cursor. */
export function registerInspectTokens({ connection, documents, logger }: FeatureContext): void {
  connection.onRequest(InspectTokensRequest.type, (params, token) =>
    answerUser(token, logger, async (signal) => {
      const session = await documents.find(params.textDocument.uri);
      return session
        ? computeInspection(session, params, signal)
        : fail(t('This document is not open in Subtext.'));
    }),
  );
}

async function computeInspection(
  session: DocumentSession,
  { position }: InspectTokensParams,
  signal: AbortSignal,
): Promise<InspectTokensResult | ResponseError<void>> {
  const offset = toOffset(session.document.positions, position);
  const placed = sentenceAt(await session.prose(), offset);
  if (!placed) return fail(t('There is no prose here.'));
  const { text } = placed.sentence;
  const models = await Promise.all(
    session.engines.engines.map(async ({ engine, model, tasks }) => {
      const { sentiment, ...inspection } = await engine.inspect(text, { signal });
      return {
        ...inspection,
        model: model.id,
        tasks,
        sentiment: sentiment.map((score, i) => ({ label: model.sentimentLabels[i] ?? '', score })),
      };
    }),
  );
  return { sentence: text, models };
}

const fail = (message: string): ResponseError<void> =>
  new ResponseError<void>(LSPErrorCodes.RequestFailed, message);
