import { type CompletionItem, CompletionItemKind, ResponseError } from 'vscode-languageserver';
import { label } from '../core/surfaces/label';
import { findMaskTokens } from '../core/text/maskTokens';
import { toOffset, toRange } from '../protocol/ranges';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { findTarget } from './maskTarget';
import { runSafe } from './runSafe';
import { toPercent } from './sentiment';
import type { WordSuggestions } from './wordSuggestions';

/** The last characters of the mask tokens: behind them a client asks for completions by itself. */
export const completionTriggers = [']', '>'];

/** How far around the cursor a mask token is looked for, in characters; longer than any mask token. */
const REACH = 16;

/** Offers words as completions at a mask token, and nowhere else. */
export function registerCompletion(
  { connection, documents, logger }: FeatureContext,
  suggestions: WordSuggestions,
): void {
  connection.onCompletion(({ textDocument, position }, token) =>
    runSafe<CompletionItem[]>('Completion', logger, token, [], async () => {
      const session = await documents.find(textDocument.uri);
      if (!session) return [];
      return computeCompletions(session, suggestions, toOffset(session.document.positions, position));
    }),
  );
}

async function computeCompletions(
  session: DocumentSession,
  suggestions: WordSuggestions,
  offset: number,
): Promise<CompletionItem[]> {
  // Most completion requests are for other places: they cost no more than this look.
  const around = session.document.getText().slice(Math.max(0, offset - REACH), offset + REACH);
  if (findMaskTokens(around).length === 0) return [];
  const { version } = session.document;
  const target = await findTarget(session, { start: offset, end: offset });
  if (target instanceof ResponseError || !target.areMaskTokens || session.document.version !== version)
    return [];
  const [{ span }] = target.places;
  const range = toRange(session.document.positions, span);
  const filterText = session.document.getText().slice(span.start, span.end);
  const { candidates } = await suggestions.find(session, target);
  return candidates.map(({ texts: [text = ''], score }, index) => ({
    label: label.name(text),
    kind: CompletionItemKind.Text,
    labelDetails: { description: toPercent(score) },
    // The mask token stays what is typed, so the client must not filter by the candidates.
    filterText,
    sortText: String(index).padStart(4, '0'),
    textEdit: { range, newText: text },
  }));
}
