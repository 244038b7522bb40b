import * as vscode from 'vscode';
import { commandIds } from '../commands/commandIds';
import { affectsLanguages, documentSelector } from '../documents';
import { showError, showWarning } from '../notifications';
import type { AnalysisState } from '../state/analysisState';
import { DeviceFallbacks, FailureCauses } from './failureCauses';
import { documentStatus, downloadStatus, engineStatuses, type StatusView } from './statusViews';

const severities: Readonly<Record<StatusView['severity'], vscode.LanguageStatusSeverity>> = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

/** Shows the state of the models, of their downloads and of the active document, and tells of failures. */
export function registerLanguageStatus(state: AnalysisState): vscode.Disposable {
  const engines: StatusItem[] = [];
  const downloads = new StatusItem('subtext.downloads', vscode.l10n.t('Subtext Downloads'));
  const document = new StatusItem('subtext.document', vscode.l10n.t('Subtext Analysis'));
  const causes = new FailureCauses();
  const fallbacks = new DeviceFallbacks();

  const showEngines = () => {
    const views = engineStatuses(state.server, state.engines, vscode.l10n);
    while (engines.length < views.length) {
      engines.push(new StatusItem(`subtext.engine.${engines.length}`, vscode.l10n.t('Subtext Model')));
    }
    for (const [index, item] of engines.entries()) item.show(views[index]);
    for (const failure of causes.next(state.server, state.engines)) void tellFailure(failure);
    for (const message of fallbacks.next(state.engines)) {
      void showWarning(vscode.l10n.t('Subtext: {0}', message));
    }
  };
  const showDownloads = () =>
    downloads.show(downloadStatus(state.downloads, vscode.env.language, vscode.l10n));
  const showDocument = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    document.show(
      documentStatus(uri === undefined ? undefined : state.document(uri), vscode.env.language, vscode.l10n),
    );
  };
  showEngines();
  showDocument();

  return vscode.Disposable.from(
    { dispose: () => vscode.Disposable.from(...engines).dispose() },
    downloads,
    document,
    state.onDidChange(({ kind }) => {
      if (kind === 'server' || kind === 'engines') showEngines();
      if (kind === 'downloads') showDownloads();
      if (kind === 'server' || kind === 'document') showDocument();
    }),
    vscode.window.onDidChangeActiveTextEditor(showDocument),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!affectsLanguages(event)) return;
      for (const item of [...engines, downloads, document]) item.updateSelector();
    }),
  );
}

/** A language status item that is there only while it has something to show. */
class StatusItem {
  readonly #id: string;
  readonly #name: string;
  #item: vscode.LanguageStatusItem | undefined;

  constructor(id: string, name: string) {
    this.#id = id;
    this.#name = name;
  }

  show(view: StatusView | undefined): void {
    if (!view) {
      this.dispose();
      return;
    }
    this.#item ??= this.#create();
    fill(this.#item, view);
  }

  updateSelector(): void {
    if (this.#item) this.#item.selector = documentSelector();
  }

  dispose(): void {
    this.#item?.dispose();
    this.#item = undefined;
  }

  #create(): vscode.LanguageStatusItem {
    const item = vscode.languages.createLanguageStatusItem(this.#id, documentSelector());
    item.name = this.#name;
    return item;
  }
}

function fill(item: vscode.LanguageStatusItem, view: StatusView): void {
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
  const chosen = await showError(vscode.l10n.t('Subtext: {0}', message), restart, showOutput);
  if (chosen === restart) await vscode.commands.executeCommand(commandIds.restartServer);
  if (chosen === showOutput) await vscode.commands.executeCommand(commandIds.showOutput);
}
