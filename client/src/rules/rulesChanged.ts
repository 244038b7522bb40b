import * as vscode from 'vscode';
import type { RulesChangedParams } from '../../../server/src/protocol/rules';
import { showInformation } from '../notifications';
import { showRequestError } from '../server/requestError';
import { section } from '../settings';

/** Keeps what was changed, says so, and takes it back where the user wants that. */
export async function showChangedRules(params: RulesChangedParams): Promise<void> {
  const undoLabel = vscode.l10n.t('Undo');
  try {
    const undo = params.target === 'user' ? await addIgnoredWord(params.word) : await saveRules(params);
    const chosen = await showInformation(params.message, undoLabel);
    if (chosen === undoLabel) await undo();
  } catch (error) {
    showRequestError(error);
  }
}

/** @returns what takes this word out again, and leaves what else was changed meanwhile. */
async function addIgnoredWord(word: string): Promise<() => Promise<void>> {
  const words = () =>
    vscode.workspace.getConfiguration(section).inspect<string[]>('ignore.words')?.globalValue ?? [];
  const write = async (next: readonly string[]) =>
    vscode.workspace
      .getConfiguration(section)
      .update('ignore.words', next.length > 0 ? next : undefined, vscode.ConfigurationTarget.Global);
  if (words().includes(word)) return async () => {};
  await write([...words(), word]);
  return () => write(words().filter((other) => other !== word));
}

async function saveRules({
  uri,
  undo,
}: Extract<RulesChangedParams, { target: 'workspace' }>): Promise<() => Promise<void>> {
  const file = vscode.Uri.parse(uri);
  const changed = await vscode.workspace.openTextDocument(file);
  await changed.save();
  const written = changed.getText();
  return async () => {
    // The editor may have closed it meanwhile: it is shown nowhere.
    const document = await vscode.workspace.openTextDocument(file);
    if (document.getText() !== written) {
      // The ranges are those of the text as it was then.
      await vscode.window.showTextDocument(document);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.set(
      file,
      undo.map(({ range: { start, end }, newText }) => {
        const range = new vscode.Range(start.line, start.character, end.line, end.character);
        return new vscode.TextEdit(range, newText);
      }),
    );
    await vscode.workspace.applyEdit(edit);
    await document.save();
  };
}
