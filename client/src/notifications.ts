import * as vscode from 'vscode';
import { type Label, label } from '../../server/src/core/surfaces/label';

/*
 * The one place that notifies. A message may quote a model, a rule file, the Hub or a document, and VS Code makes links
 * of what looks like one, commands included; ours have none.
 */

type Button = string | undefined;

export const showInformation = (message: string, ...buttons: string[]): Thenable<Button> =>
  vscode.window.showInformationMessage(label.escape(message), ...buttons);

export const showWarning = (message: string, ...buttons: string[]): Thenable<Button> =>
  vscode.window.showWarningMessage(label.escape(message), ...buttons);

export const showError = (message: string, ...buttons: string[]): Thenable<Button> =>
  vscode.window.showErrorMessage(label.escape(message), ...buttons);

/** A question that waits for its answer. */
export interface Question {
  readonly message: Label;
  /** May have several lines. */
  readonly detail: Label;
}

/** @param button what the user agrees to, in a word. */
export async function agreesTo(
  { message, detail }: Question,
  button: string,
  show: 'showInformationMessage' | 'showWarningMessage' = 'showInformationMessage',
): Promise<boolean> {
  return (await vscode.window[show](message, { modal: true, detail }, button)) === button;
}

/** What a task tells while it runs. */
export type ReportProgress = (step: { readonly message: string; readonly increment: number }) => void;

/** Runs a task that can be cancelled, with a notification for as long as it runs. */
export const runNotified = <T>(
  title: string,
  task: (token: vscode.CancellationToken, report: ReportProgress) => Thenable<T>,
): Thenable<T> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: label.escape(title), cancellable: true },
    (progress, token) =>
      task(token, ({ message, increment }) => progress.report({ message: label.escape(message), increment })),
  );
