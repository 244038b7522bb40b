import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { entityTypeName } from '../commands/labelNames';
import { chooseOne, type ListItem } from '../listPicker';

const commonTypes = ['PER', 'ORG', 'LOC', 'MISC'] as const;

/** Asks for one of the usual entity types or any other. @returns undefined where the user gave up. */
export async function askForEntityType(): Promise<string | undefined> {
  const other: ListItem = { label: label.escape(vscode.l10n.t('Another Type…')) };
  const items = commonTypes.map((type) => ({
    label: label.escape(type),
    description: label.escape(entityTypeName(type, vscode.l10n)),
  }));
  const chosen = await chooseOne([...items, other], {
    placeHolder: vscode.l10n.t('Entity type'),
  });
  if (chosen !== other) return chosen?.label;
  const written = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Entity type'),
    placeHolder: 'PRODUCT',
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A type needs a name.') : undefined),
  });
  return written?.trim();
}
