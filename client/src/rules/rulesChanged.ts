import * as vscode from 'vscode';
import type { RulesChangedParams } from '../../../server/src/protocol/rules';
import { showRequestError } from '../server/requestError';
import { section } from '../settings';

/** Keeps what was changed, says so, and takes it back where the user wants that. */
export async function showChangedRules(params: RulesChangedParams): Promise<void> {
  const undoLabel = vscode.l10n.t('Undo');
  try {
    const undo = params.target === 'user' ? await addIgnoredWord(params.word) : await saveRules(params);
    const chosen = await vscode.window.showInformationMessage(params.message, undoLabel);
    if (chosen === undoLabel) await undo();
  } catch (error) {
    showRequestError(error);
  }
}

/** @returns what takes it back. */
async function addIgnoredWord(word: string): Promise<() => Thenable<void>> {
  const configuration = vscode.workspace.getConfiguration(section);
  const before = configuration.inspect<string[]>('ignore.words')?.globalValue;
  const words = new Set([...(before ?? []), word]);
  await configuration.update('ignore.words', [...words], vscode.ConfigurationTarget.Global);
  return () => configuration.update('ignore.words', before, vscode.ConfigurationTarget.Global);
}

async function saveRules({
  uri,
  undo,
}: Extract<RulesChangedParams, { target: 'workspace' }>): Promise<() => Promise<void>> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  await document.save();
  const { version } = document;
  return async () => {
    if (document.version !== version) {
      // The ranges are those of the text as it was then.
      await vscode.window.showTextDocument(document);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.set(
      document.uri,
      undo.map(({ range: { start, end }, newText }) => {
        const range = new vscode.Range(start.line, start.character, end.line, end.character);
        return new vscode.TextEdit(range, newText);
      }),
    );
    await vscode.workspace.applyEdit(edit);
    await document.save();
  };
}
