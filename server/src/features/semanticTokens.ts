import { type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver';
import { logFailure } from '../core/logFailure';
import { entityFamily } from '../core/tasks/entityTypes';
import type { Span } from '../core/text/span';
import type { EntityMark } from '../protocol/protocol';
import { toSpan } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { allEntities } from './entities';
import { runSafe } from './runSafe';
import { Throttle } from './throttle';

/** How often a client is asked to fetch its tokens again while an analysis goes on. */
const REFRESH_MILLISECONDS = 500;

/** One token type a family of entity types; `entity` for all others. */
export const semanticTokensLegend: SemanticTokensLegend = {
  tokenTypes: ['person', 'organization', 'location', 'miscellaneous', 'entity'],
  tokenModifiers: [],
};

/** Whether this client takes semantic tokens and has no highlights of ours, which would be shown twice. */
export const wantsSemanticTokens = ({ options, capabilities }: FeatureContext): boolean =>
  !options.entities && capabilities.textDocument?.semanticTokens !== undefined;

/** Entities as semantic tokens, for clients that want them. */
export function registerSemanticTokens(context: FeatureContext): void {
  if (!wantsSemanticTokens(context)) return;
  const { connection, capabilities, documents, clock, logger } = context;
  const answer =
    (uri: string, select: (session: DocumentSession) => Span) => async (): Promise<SemanticTokens> => {
      const session = await documents.find(uri);
      await session?.ready();
      return session ? computeSemanticTokens(session, select(session)) : { data: [] };
    };
  const everything = { start: 0, end: Number.POSITIVE_INFINITY };
  connection.languages.semanticTokens.on(({ textDocument: { uri } }, token) =>
    runSafe(
      'Semantic tokens',
      logger,
      token,
      { data: [] },
      answer(uri, () => everything),
    ),
  );
  connection.languages.semanticTokens.onRange(({ textDocument: { uri }, range }, token) =>
    runSafe(
      'Semantic tokens',
      logger,
      token,
      { data: [] },
      answer(uri, (session) => toSpan(session.document.positions, range)),
    ),
  );
  if (capabilities.workspace?.semanticTokens?.refreshSupport) {
    const refresh = new Throttle(clock, REFRESH_MILLISECONDS, () => {
      const refreshing = connection.languages.semanticTokens.refresh();
      void logFailure(refreshing, 'The client does not ask for semantic tokens again.', logger);
    });
    documents.onUpdate((session) => refresh.run(session.isComplete));
  }
}

export function computeSemanticTokens(session: DocumentSession, span: Span): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const entity of allEntities(session)) {
    if (entity.end <= span.start || entity.start >= span.end) continue;
    for (const line of splitAtLines(session, entity)) {
      const { line: row, character } = session.document.positions.positionAt(line.start);
      builder.push(row, character, line.end - line.start, tokenType(entity), 0);
    }
  }
  // Without an id of the result: a client could ask for the difference to it, which is not offered.
  return { data: builder.build().data };
}

/** A token must not cross a line, unlike an entity in wrapped text. */
function* splitAtLines(session: DocumentSession, entity: Span): Generator<Span> {
  const text = session.document.getText().slice(entity.start, entity.end);
  for (const match of text.matchAll(/[^\r\n]+/gu)) {
    const start = entity.start + match.index;
    yield { start, end: start + match[0].length };
  }
}

function tokenType({ type }: EntityMark): number {
  const index = semanticTokensLegend.tokenTypes.indexOf(entityFamily(type));
  return index < 0 ? semanticTokensLegend.tokenTypes.indexOf('entity') : index;
}
