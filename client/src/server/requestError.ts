import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import type { DownloadFailure } from '../../../server/src/protocol/models';

/** @returns what to tell the user of a request that failed; undefined where it was cancelled. */
export function requestError(error: unknown): string | undefined {
  if (error instanceof vscode.CancellationError) return undefined;
  if (error instanceof ResponseError) {
    if (error.code === LSPErrorCodes.RequestCancelled || error.code === LSPErrorCodes.ServerCancelled) {
      return undefined;
    }
    if (error.code === LSPErrorCodes.ContentModified) {
      return vscode.l10n.t('The document has changed meanwhile. Try again.');
    }
  }
  return error instanceof Error ? error.message : String(error);
}

/** Tells the user of a request that failed; says nothing of one that was cancelled. */
export function showRequestError(error: unknown): void {
  const message = requestError(error);
  if (message !== undefined) void vscode.window.showErrorMessage(message);
}

/** Whether a download that failed may succeed when it is tried again, as the server sees it. */
export const isWorthRetrying = (error: unknown): boolean =>
  error instanceof ResponseError && (error.data as DownloadFailure | undefined)?.retry === true;
