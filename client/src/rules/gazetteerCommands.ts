import * as vscode from 'vscode';
import { showInformation } from '../notifications';
import type { ServerSession } from '../server/serverSession';
import { askForEntityType } from './askForEntityType';
import { changeRules } from './changeRules';

/** Adds what is selected, or the word at the cursor, to the project's own names. */
export async function addToGazetteer(session: ServerSession): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const { document, selection } = editor;
  const range = selection.isEmpty ? document.getWordRangeAtPosition(selection.active) : selection;
  const text = range ? document.getText(range).trim().replace(/\s+/gu, ' ') : '';
  if (text === '') {
    void showInformation(vscode.l10n.t('Select a name first.'));
    return;
  }
  const type = await askForEntityType();
  if (type === undefined) return;
  await changeRules(session, document.uri.toString(), { kind: 'addEntries', entries: [{ text, type }] });
}

/** Adds the entries of a CSV file, or of patterns for spaCy's EntityRuler. */
export async function importGazetteer(session: ServerSession): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const place =
    vscode.window.activeTextEditor?.document.uri ?? folder?.uri.with({ path: `${folder.uri.path}/_` });
  if (!place) {
    void showInformation(vscode.l10n.t('Open a folder first: entries are written there.'));
    return;
  }
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Import Gazetteer'),
      filters: { [vscode.l10n.t('Lists of names')]: ['csv', 'tsv', 'jsonl', 'json'] },
    })) ?? [];
  if (!file) return;
  const type = await askForEntityType();
  if (type === undefined) return;
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  await changeRules(session, place.toString(), { kind: 'importEntries', name, content, type });
}
