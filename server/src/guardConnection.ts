import { type Connection, ErrorCodes, ResponseError } from 'vscode-languageserver';
import { toLogText } from './core/describeError';
import type { Logger } from './core/ports';
import { notificationShapes, requestShapes, type Shape } from './protocol/messageShapes';

type Handler = (...args: unknown[]) => unknown;

/** Parts of a connection that register handlers, too. */
const registering = new Set(['languages', 'semanticTokens', 'diagnostics', 'workspace']);

/**
 * A connection whose handlers no message can hurt the server through. Every handler that is registered with it is
 * guarded, the library's own as well: a message that is not what its handler needs does not reach it, and what a handler
 * throws goes no further. Both are logged, without a word of the message, and a request is answered with its error.
 */
export function guardConnection(connection: Connection, logger: Logger): Connection {
  const guard = new MessageGuard(logger);
  // What no handler is registered for is refused as well, where every request is.
  connection.onRequest(
    (method) => guard.refusal() ?? new ResponseError(ErrorCodes.MethodNotFound, `Unhandled method ${method}`),
  );
  return guarded(connection, '', guard);
}

function guarded<T extends object>(target: T, path: string, guard: MessageGuard): T {
  return new Proxy(target, {
    get: (_, property) => {
      const value: unknown = Reflect.get(target, property);
      if (typeof property !== 'string') return value;
      const name = path + property;
      if (typeof value === 'function') {
        const method = value as Handler;
        return /^on(?:[A-Z]|$)/u.test(property)
          ? (...args: unknown[]) => method.apply(target, guard.guardArguments(name, args))
          : method.bind(target);
      }
      return registering.has(property) ? guarded(value as object, `${name}.`, guard) : value;
    },
  });
}

class MessageGuard {
  readonly #logger: Logger;
  #stage: 'new' | 'initialized' | 'shutDown' = 'new';

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** The arguments of a registration with the handler guarded; messages beyond LSP come first and have a name. */
  guardArguments(registration: string, args: readonly unknown[]): unknown[] {
    const [type] = args;
    const name =
      typeof type === 'object' && type !== null && 'method' in type ? String(type.method) : registration;
    const [request, notification] = [requestShapes.get(name), notificationShapes.get(name)];
    return args.map((argument) => {
      if (typeof argument !== 'function') return argument;
      const handler = argument as Handler;
      if (request) return this.#guardRequest(name, request, handler);
      if (notification) return this.#guardNotification(name, notification, handler);
      throw new Error(`protocol/messageShapes.ts has no shape of ${name}.`);
    });
  }

  /** Why no request is answered now, if so. */
  refusal(name?: string): ResponseError<void> | undefined {
    if (this.#stage === 'shutDown')
      return new ResponseError(ErrorCodes.InvalidRequest, 'The server was shut down.');
    if (this.#stage === 'new' && name !== 'onInitialize' && name !== 'onShutdown')
      return new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not initialized.');
    if (this.#stage === 'initialized' && name === 'onInitialize')
      return new ResponseError(ErrorCodes.InvalidRequest, 'The server is initialized already.');
    return undefined;
  }

  #guardRequest(name: string, fits: Shape, handler: Handler): Handler {
    return async (...args) => {
      const refusal = this.refusal(name);
      if (refusal) return refusal;
      if (!fits(args[0])) {
        this.#logger.warn(`${name}: the parameters are not those of such a request.`);
        return new ResponseError(ErrorCodes.InvalidParams, 'The parameters are not those of such a request.');
      }
      if (name === 'onShutdown') this.#stage = 'shutDown';
      try {
        const answer = await handler(...args);
        if (name === 'onInitialize' && !(answer instanceof ResponseError)) this.#stage = 'initialized';
        return answer;
      } catch (error) {
        this.#logger.error(`${name} failed. ${toLogText(error)}`);
        return new ResponseError(ErrorCodes.InternalError, 'The request failed; the log tells why.');
      }
    };
  }

  #guardNotification(name: string, fits: Shape, handler: Handler): Handler {
    return async (...args) => {
      if (this.#stage === 'shutDown' && name !== 'onExit') return;
      if (!fits(args[0])) {
        this.#logger.warn(`${name}: the parameters are not those of such a notification; it is ignored.`);
        return;
      }
      try {
        await handler(...args);
      } catch (error) {
        this.#logger.error(`${name} failed. ${toLogText(error)}`);
      }
    };
  }
}
