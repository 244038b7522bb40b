import { DocumentStateNotification, type DocumentStateParams } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { Throttle } from './throttle';

/** How often the progress of one document is told. */
const PROGRESS_MILLISECONDS = 100;

/** Tells how far each document is. */
export function registerDocumentState({ connection, documents, clock, logger }: FeatureContext): void {
  const throttles = new Map<string, Throttle>();
  documents.onUpdate((session) => {
    const { uri } = session.document;
    let throttle = throttles.get(uri);
    if (!throttle) {
      throttle = new Throttle(clock, PROGRESS_MILLISECONDS, () => {
        connection
          .sendNotification(DocumentStateNotification.type, toState(session))
          .catch((error: unknown) => {
            logger.warn(`The state of a document could not be sent. ${String(error)}`);
          });
      });
      throttles.set(uri, throttle);
    }
    // The end is told at once, and after the last entities: this is registered behind them.
    throttle.run(session.isComplete);
  });
  documents.onClose((uri) => {
    throttles.get(uri)?.cancel();
    throttles.delete(uri);
  });
}

function toState(session: DocumentSession): DocumentStateParams {
  const { uri, version } = session.document;
  const { skipped, progress } = session;
  if (skipped) return { uri, version, status: 'skipped', ...progress, reason: skipped };
  return { uri, version, status: session.isComplete ? 'complete' : 'analyzing', ...progress };
}
