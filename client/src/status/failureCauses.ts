import type { EngineStateParams } from '../../../server/src/protocol/protocol';
import type { ServerState } from '../api';

/** Stands for the server among the models. */
const server = Symbol('server');

/** Picks what is to be said of models that run on another device than was asked for: each reason once. */
export class DeviceFallbacks {
  readonly #told = new Set<string>();

  /** @returns the messages to show, if there are new ones. */
  next(engines: readonly EngineStateParams[]): readonly string[] {
    return engines.flatMap(({ status, message }) => {
      if (status !== 'ready' || message === undefined || this.#told.has(message)) return [];
      this.#told.add(message);
      return [message];
    });
  }
}

/** Picks the failures to tell the user about: each cause once, until what failed has worked again. */
export class FailureCauses {
  /** Who failed, by message: the server or a model. */
  readonly #told = new Map<string, string | typeof server>();

  /** @returns the messages to show, if there are new ones. */
  next(state: ServerState, engines: readonly EngineStateParams[]): readonly string[] {
    const working = engines.filter(({ status }) => status === 'ready').map(({ model }) => model);
    for (const [message, who] of this.#told) {
      if (who === server ? working.length > 0 : working.includes(who)) this.#told.delete(message);
    }
    const failed = [
      { who: server, ...state } as const,
      ...engines.map((engine) => ({ who: engine.model, ...engine })),
    ].filter(({ status }) => status === 'failed');
    return failed.flatMap(({ who, message }) => {
      if (message === undefined || this.#told.has(message)) return [];
      this.#told.set(message, who);
      return [message];
    });
  }
}
