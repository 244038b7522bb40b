import { logFailure } from '../core/logFailure';
import { EntitiesNotification } from '../protocol/protocol';
import type { FeatureContext } from './context';
import { entitiesIn } from './entities';

/** Sends entities to a client that shows them itself, region by region as they become known. */
export function registerHighlights({ connection, documents, options, logger }: FeatureContext): void {
  if (!options.entities) return;
  documents.onUpdate((session, { regions }) => {
    if (regions.length === 0) return;
    const params = {
      uri: session.document.uri,
      version: session.version,
      regions: regions.map((region) => ({ ...region, entities: entitiesIn(session, region) })),
    };
    void logFailure(
      connection.sendNotification(EntitiesNotification.type, params),
      'Entities could not be sent.',
      logger,
    );
  });
}
