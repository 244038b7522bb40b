import type { SupervisedEngine } from '../inference/supervisedEngine';
import { EngineStateNotification, RestartEngineRequest } from '../protocol/protocol';
import type { FeatureContext } from './context';

/** Tells the client how the inference process is, and restarts it on request. */
export function registerEngineState(
  { connection, documents, logger }: FeatureContext,
  engine: SupervisedEngine,
  retry: () => void,
): void {
  engine.onState((state) => {
    connection.sendNotification(EngineStateNotification.type, state).catch((error: unknown) => {
      logger.warn(`The state of the engine could not be sent. ${String(error)}`);
    });
  });
  connection.onRequest(RestartEngineRequest.type, async () => {
    await engine.restart();
    for (const session of documents.all()) session.retry();
    retry();
  });
}
