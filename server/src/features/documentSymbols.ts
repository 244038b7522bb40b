import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import { label } from '../core/surfaces/label';
import { entityFamily } from '../core/tasks/entityTypes';
import type { EntityMark } from '../protocol/protocol';
import { toRange } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { allEntities, entityKey, entityText, entityTypeName } from './entities';
import { runSafe } from './runSafe';

/** The outline: what the document mentions, grouped by type, each thing once with its count. */
export function registerDocumentSymbols({
  connection,
  capabilities,
  documents,
  logger,
}: FeatureContext): void {
  const isHierarchical =
    capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport ?? false;
  connection.onDocumentSymbol(({ textDocument }, token) =>
    runSafe<DocumentSymbol[] | SymbolInformation[]>('Document symbols', logger, token, [], async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      if (!session) return [];
      const symbols = computeDocumentSymbols(session);
      return isHierarchical ? symbols : toFlat(symbols, textDocument.uri);
    }),
  );
}

export function computeDocumentSymbols(session: DocumentSession): DocumentSymbol[] {
  const types = new Map<string, Map<string, EntityMark[]>>();
  for (const entity of allEntities(session)) {
    const things = types.get(entity.type) ?? new Map<string, EntityMark[]>();
    types.set(entity.type, things);
    const key = entityKey(session, entity);
    const mentions = things.get(key);
    if (mentions) mentions.push(entity);
    else things.set(key, [entity]);
  }
  return [...types].map(([type, things]) => toGroup(session, type, [...things.values()]));
}

function toGroup(session: DocumentSession, type: string, things: readonly EntityMark[][]): DocumentSymbol {
  const { positions } = session.document;
  const mentions = things.flat();
  const start = Math.min(...things.map(([first]) => first?.start ?? 0));
  const end = mentions.reduce((latest, mention) => Math.max(latest, mention.end), start);
  const children = things.flatMap(([first, ...others]) => {
    if (!first) return [];
    const range = toRange(positions, first);
    return [
      {
        name: label.name(entityText(session, first)),
        detail: others.length > 0 ? `×${others.length + 1}` : '',
        kind: symbolKind(type),
        range,
        selectionRange: range,
      },
    ];
  });
  return {
    name: label.name(entityTypeName(type)),
    detail: `${mentions.length}`,
    kind: SymbolKind.Namespace,
    range: toRange(positions, { start, end }),
    selectionRange: children[0]?.selectionRange ?? toRange(positions, { start, end: start }),
    children,
  };
}

const toFlat = (symbols: readonly DocumentSymbol[], uri: string): SymbolInformation[] =>
  symbols.flatMap(({ name: containerName, children = [] }) =>
    children.map(({ name, kind, range }) => ({ name, kind, containerName, location: { uri, range } })),
  );

/** The icon of an entity; LSP knows no persons or places. */
function symbolKind(type: string): SymbolKind {
  switch (entityFamily(type)) {
    case 'person':
      return SymbolKind.Variable;
    case 'organization':
      return SymbolKind.Class;
    case 'location':
      return SymbolKind.Constant;
    default:
      return SymbolKind.Key;
  }
}
