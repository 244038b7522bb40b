import * as vscode from 'vscode';
import { commandIds } from '../commands/commandIds';
import { documentSelector } from '../documents';
import type { AnalysisState } from '../state/analysisState';
import { FailureCauses } from './failureCauses';
import { documentStatus, engineStatus, type StatusView } from './statusViews';

const severities: Readonly<Record<StatusView['severity'], vscode.LanguageStatusSeverity>> = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** Shows the state of the engine and of the active document, and tells of failures. */
export function registerLanguageStatus(state: AnalysisState): vscode.Disposable {
  const engine = vscode.languages.createLanguageStatusItem('subtext.engine', documentSelector());
  engine.name = vscode.l10n.t('Subtext Model');
  let document: vscode.LanguageStatusItem | undefined;
  const causes = new FailureCauses();

  const showEngine = () => {
    show(engine, engineStatus(state.server, state.engine, vscode.l10n));
    const failure = causes.next(state.server, state.engine);
    if (failure !== undefined) void tellFailure(failure);
  };
  const showDocument = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const view = documentStatus(uri === undefined ? undefined : state.document(uri), vscode.l10n);
    if (!view) {
      document?.dispose();
      document = undefined;
      return;
    }
    document ??= createDocumentItem();
    show(document, view);
  };
  showEngine();
  showDocument();

  return vscode.Disposable.from(
    engine,
    { dispose: () => document?.dispose() },
    state.onDidChange(({ kind }) => {
      if (kind === 'server' || kind === 'engine') showEngine();
      if (kind === 'server' || kind === 'document') showDocument();
    }),
    vscode.window.onDidChangeActiveTextEditor(showDocument),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('subtext.languages')) return;
      engine.selector = documentSelector();
      if (document) document.selector = documentSelector();
    }),
  );
}

function createDocumentItem(): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem('subtext.document', documentSelector());
  item.name = vscode.l10n.t('Subtext Analysis');
  return item;
}

function show(item: vscode.LanguageStatusItem, view: StatusView): void {
  item.text = view.text;
  // Empty is how the editor spells none.
  item.detail = view.detail ?? '';
  item.severity = severities[view.severity];
  item.busy = view.busy;
  item.command = view.command;
}

async function tellFailure(message: string): Promise<void> {
  const restart = vscode.l10n.t('Restart');
  const showOutput = vscode.l10n.t('Show Output');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t('Subtext: {0}', message),
    restart,
    showOutput,
  );
  if (chosen === restart) await vscode.commands.executeCommand(commandIds.restartServer);
  if (chosen === showOutput) await vscode.commands.executeCommand(commandIds.showOutput);
}
