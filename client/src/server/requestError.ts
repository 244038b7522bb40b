import * as vscode from 'vscode';
import { ResponseError } from 'vscode-jsonrpc';
import type { LSPErrorCodes } from 'vscode-languageclient/node';
import type { DownloadFailure } from '../../../server/src/protocol/models';
import { showError } from '../notifications';

// By value, the library's would have all of it loaded when the extension is activated.
const requestCancelled: typeof LSPErrorCodes.RequestCancelled = -32800;
const contentModified: typeof LSPErrorCodes.ContentModified = -32801;
const serverCancelled: typeof LSPErrorCodes.ServerCancelled = -32802;

/** @returns what to tell the user of a request that failed; undefined where it was cancelled. */
export function requestError(error: unknown): string | undefined {
  if (error instanceof vscode.CancellationError) return undefined;
  if (error instanceof ResponseError) {
    if (error.code === requestCancelled || error.code === serverCancelled) {
      return undefined;
    }
    if (error.code === contentModified) {
      return vscode.l10n.t('The document has changed meanwhile. Try again.');
    }
  }
  return error instanceof Error ? error.message : String(error);
}

/** Tells the user of a request that failed; says nothing of one that was cancelled. */
export function showRequestError(error: unknown): void {
  const message = requestError(error);
  if (message !== undefined) void showError(message);
}

/** Whether a download that failed may succeed when it is tried again, as the server sees it. */
export const isWorthRetrying = (error: unknown): boolean =>
  error instanceof ResponseError && (error.data as DownloadFailure | undefined)?.retry === true;
