import * as vscode from 'vscode';
import { mostImportBytes } from '../../../server/src/protocol/rules';
import { showError, showInformation } from '../notifications';
import type { ServerSession } from '../server/serverSession';
import { askForEntityType } from './askForEntityType';
import { changeRules } from './changeRules';

const BYTES_PER_MEGABYTE = 1e6;

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
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const { type: kind, size } = await vscode.workspace.fs.stat(file);
  // A link to a file is of both kinds; a pipe or a device is of none.
  if ((kind & vscode.FileType.File) === 0 || size > mostImportBytes) {
    void showError(
      vscode.l10n.t('{0} is no file of at most {1} MB.', name, mostImportBytes / BYTES_PER_MEGABYTE),
    );
    return;
  }
  const type = await askForEntityType();
  if (type === undefined) return;
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  await changeRules(session, place.toString(), { kind: 'importEntries', name, content, type });
}
