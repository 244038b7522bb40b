import * as vscode from 'vscode';
import { showError } from '../notifications';
import { isWorthRetrying, requestError } from '../server/requestError';

/**
 * Tries until it works or the user gives up. What may work the next time is offered again.
 *
 * @returns undefined after a cancellation, or a failure that the user was told of and does not want to retry.
 */
export async function untilGivenUp<T>(attempt: () => Thenable<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const message = requestError(error);
      if (message === undefined) return undefined;
      const retry = vscode.l10n.t('Retry');
      const chosen = await showError(message, ...(isWorthRetrying(error) ? [retry] : []));
      if (chosen !== retry) return undefined;
    }
  }
}
