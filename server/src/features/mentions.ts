import { type DocumentHighlight, DocumentHighlightKind, type Location } from 'vscode-languageserver';
import type { EntityMark } from '../protocol/protocol';
import { toOffset, toRange } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { entityAt, mentionsAt } from './entities';
import { runSafe } from './runSafe';

/** Document highlights and references: the mentions of the entity at the cursor, within its document. */
export function registerMentions({ connection, documents, logger }: FeatureContext): void {
  connection.onDocumentHighlight(({ textDocument, position }, token) =>
    runSafe<DocumentHighlight[]>('Document highlights', logger, token, [], async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      if (!session) return [];
      return mentionsAt(session, toOffset(session.document.positions, position)).map((mention) => ({
        range: toRange(session.document.positions, mention),
        kind: DocumentHighlightKind.Text,
      }));
    }),
  );
  connection.onReferences(({ textDocument, position, context }, token) =>
    runSafe<Location[]>('References', logger, token, [], async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      if (!session) return [];
      const offset = toOffset(session.document.positions, position);
      return references(session, offset, context.includeDeclaration).map((mention) => ({
        uri: textDocument.uri,
        range: toRange(session.document.positions, mention),
      }));
    }),
  );
}

/** The first mention counts as the declaration, as an article introduces its persons. */
function references(session: DocumentSession, offset: number, declaration: boolean): readonly EntityMark[] {
  if (!entityAt(session, offset)) return [];
  const mentions = mentionsAt(session, offset);
  return declaration ? mentions : mentions.slice(1);
}
