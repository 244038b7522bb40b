import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';

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
