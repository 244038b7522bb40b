import type { EngineStateParams } from '../../../server/src/protocol/protocol';
import type { ServerState } from '../api';

/** Picks the failures to tell the user about: each cause once, until the engine has worked again. */
export class FailureCauses {
  readonly #told = new Set<string>();

  /** @returns the message to show, if there is a new one. */
  next(server: ServerState, engine: EngineStateParams | undefined): string | undefined {
    if (server.status === 'running' && engine?.status === 'ready') this.#told.clear();
    const failed = server.status === 'failed' ? server : engine?.status === 'failed' ? engine : undefined;
    const message = failed?.message;
    if (message === undefined || this.#told.has(message)) return undefined;
    this.#told.add(message);
    return message;
  }
}
