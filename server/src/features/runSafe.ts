import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { toLogText } from '../core/describeError';
import type { Logger } from '../core/ports';

/**
 * Runs the handler of a request so that nothing it throws reaches the client as an error: the failure is logged
 * and the client gets a neutral answer.
 */
export async function runSafe<T>(
  what: string,
  logger: Logger,
  token: CancellationToken,
  fallback: T,
  handle: () => Promise<T>,
): Promise<T | ResponseError<never>> {
  try {
    const answer = await handle();
    return token.isCancellationRequested
      ? new ResponseError<never>(LSPErrorCodes.RequestCancelled, `${what} was cancelled.`)
      : answer;
  } catch (error) {
    logger.error(`${what} failed. ${toLogText(error)}`);
    return fallback;
  }
}
