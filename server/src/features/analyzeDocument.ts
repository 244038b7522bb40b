import { t } from '@vscode/l10n';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { AnalyzeDocumentRequest, type AnalyzeDocumentResult } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { allEntities } from './entities';
import { countSentiments } from './sentiment';

/** Analyses a whole document on request and sums it up. */
export function registerAnalyzeDocument({ connection, documents }: FeatureContext): void {
  connection.onRequest(AnalyzeDocumentRequest.type, async ({ textDocument }, token) => {
    const session = await documents.find(textDocument.uri);
    if (!session) {
      return new ResponseError<void>(LSPErrorCodes.RequestFailed, t('This document is not open in Subtext.'));
    }
    await session.analyzeAll(token);
    if (session.skipped === 'binary') {
      return new ResponseError<void>(
        LSPErrorCodes.RequestFailed,
        t('This document holds NUL characters, so it is probably not text.'),
      );
    }
    const { analyzed, total } = session.progress;
    if (analyzed < total) {
      return new ResponseError<void>(
        LSPErrorCodes.RequestFailed,
        t(
          '{0} of {1} sentences could not be analyzed. The output channel says why.',
          total - analyzed,
          total,
        ),
      );
    }
    return summarize(session);
  });
}

function summarize(session: DocumentSession): AnalyzeDocumentResult {
  // Not an object: a model may call a type as every object calls one of its properties.
  const entities = new Map<string, number>();
  for (const { type } of allEntities(session)) entities.set(type, (entities.get(type) ?? 0) + 1);
  return {
    version: session.version,
    sentences: session.progress.total,
    entities: Object.fromEntries(entities),
    sentiment: session.settings['sentiment.enabled'] ? countSentiments(session) : {},
  };
}
