import { logFailure } from '../core/logFailure';
import type { EnginePool } from '../inference/enginePool';
import { EngineStateNotification, RestartEngineRequest } from '../protocol/protocol';
import type { FeatureContext } from './context';

/** Tells the client how the inference processes are, and restarts them on request. */
export function registerEngineState(
  { connection, documents, logger }: FeatureContext,
  pool: EnginePool,
  retry: () => void,
): void {
  pool.onState((state) => {
    void logFailure(
      connection.sendNotification(EngineStateNotification.type, state),
      'The state of the engine could not be sent.',
      logger,
    );
  });
  connection.onRequest(RestartEngineRequest.type, async () => {
    await pool.restart();
    for (const session of documents.all()) session.retry();
    retry();
  });
}
