import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { type ModelInfo, ModelsRequest } from '../../../server/src/protocol/models';
import type { ModelDownloads } from '../downloads/modelDownloads';
import { pickFromList } from '../listPicker';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { type ModelAction, modelActions } from './modelActions';
import { readChoices } from './modelChoices';
import { bundledFirst, type ModelItem, toManagedItem } from './modelItems';
import { formatBytes } from './modelText';

/** The actions are buttons of the line, and the entries of the list behind it. */
interface ManagedItem extends ModelItem {
  readonly buttons: readonly ModelAction[];
}

/** Lists the installed models with their disk use, and reveals, describes or removes them. */
export async function manageModels(session: ServerSession, downloads: ModelDownloads): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  try {
    await session.start();
    let again = true;
    while (again) {
      const models = await session.ask(ModelsRequest.type);
      const installed = bundledFirst(models.filter((model) => model.installed));
      const choices = readChoices(scope);
      const items = installed.map((model) => ({
        ...toManagedItem(model, choices, vscode.env.language, vscode.l10n),
        buttons: modelActions(model, choices, session, downloads),
      }));
      again = await offer(items, totalBytes(installed));
    }
  } catch (error) {
    showRequestError(error);
  }
}

const totalBytes = (models: readonly ModelInfo[]): number =>
  models.reduce((total, { bytes = 0 }) => total + bytes, 0);

/** @returns whether the list is to be shown again, since it has changed or the user goes back to it. */
async function offer(items: readonly ManagedItem[], bytes: number): Promise<boolean> {
  const picked = await pickFromList({
    title: label.escape(vscode.l10n.t('Manage Models: {0} on disk', formatBytes(bytes, vscode.env.language))),
    placeholder: vscode.l10n.t('Installed models'),
    items: Promise.resolve(items),
  });
  if (!picked || picked === 'back') return false;
  const { item, button } = picked;
  if (button) return (await item.buttons.find((action) => action === button)?.run()) ?? false;
  const action = await pickFromList({
    title: item.label,
    placeholder: vscode.l10n.t('What to do with the model'),
    items: Promise.resolve(item.buttons),
    canGoBack: true,
  });
  return action === 'back' || ((await action?.item.run()) ?? false);
}
