import { t } from '@vscode/l10n';
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { toLogText } from '../core/describeError';
import { EngineError, type Logger } from '../core/ports';

/**
 * Does what a user asked for. Unlike what an editor asks for by itself it may fail, with a message for that user.
 *
 * @param work its signal is aborted when the request is cancelled.
 * @param dataOf what comes with the message of an error.
 */
export async function answerUser<T, D = void>(
  token: CancellationToken,
  logger: Logger,
  work: (signal: AbortSignal) => T | Promise<T>,
  dataOf?: (error: EngineError) => D,
): Promise<T | ResponseError<D>> {
  const controller = new AbortController();
  const subscription = token.onCancellationRequested(() => controller.abort());
  // Who was cancelled before is not told again.
  if (token.isCancellationRequested) controller.abort();
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted)
      return new ResponseError<D>(LSPErrorCodes.RequestCancelled, t('Cancelled.'));
    if (error instanceof EngineError)
      return new ResponseError<D>(LSPErrorCodes.RequestFailed, error.message, dataOf?.(error));
    logger.error(`A request of the user failed. ${toLogText(error)}`);
    return new ResponseError<D>(LSPErrorCodes.RequestFailed, t('This failed; the output tells why.'));
  } finally {
    subscription.dispose();
  }
}
