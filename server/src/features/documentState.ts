import { logFailure } from '../core/logFailure';
import { DocumentStateNotification, type DocumentStateParams } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import type { DiagnosticCounts } from './diagnostics';
import { Throttle } from './throttle';

/** How often the progress of one document is told. */
const PROGRESS_MILLISECONDS = 100;

/** Tells how far each document is. @param countDiagnostics of what was published for it last. */
export function registerDocumentState(
  { connection, documents, clock, logger }: FeatureContext,
  countDiagnostics: (session: DocumentSession) => DiagnosticCounts | undefined,
): void {
  const throttles = new Map<string, Throttle>();
  documents.onUpdate((session) => {
    const { uri } = session.document;
    let throttle = throttles.get(uri);
    if (!throttle) {
      throttle = new Throttle(clock, PROGRESS_MILLISECONDS, () => {
        void logFailure(
          connection.sendNotification(
            DocumentStateNotification.type,
            toState(session, countDiagnostics(session)),
          ),
          'The state of a document could not be sent.',
          logger,
        );
      });
      throttles.set(uri, throttle);
    }
    // Until the word that is being typed is left there is nothing new; a state that came and went would flicker.
    if (session.isResting && session.awaits === undefined) return;
    // The end is told at once, and after the last entities: this is registered behind them.
    throttle.run(session.isComplete || session.awaits !== undefined);
  });
  documents.onClose((uri) => {
    throttles.get(uri)?.cancel();
    throttles.delete(uri);
  });
}

function toState(session: DocumentSession, diagnostics: DiagnosticCounts | undefined): DocumentStateParams {
  const { uri, version } = session.document;
  const { skipped, awaits } = session;
  const leftOut = session.leftOut.size > 0 && { leftOut: Object.fromEntries(session.leftOut) };
  const progress = { ...session.progress, ...leftOut };
  if (skipped) return { uri, version, status: 'skipped', ...progress, reason: skipped };
  if (awaits) return { uri, version, status: 'waiting', ...progress, awaits };
  if (!session.isComplete) return { uri, version, status: 'analyzing', ...progress };
  const isCut = diagnostics && diagnostics.shown < diagnostics.found;
  // Before the end not everything was found, and where all is shown there is nothing to add.
  return { uri, version, status: 'complete', ...progress, ...(isCut && { diagnostics }) };
}
