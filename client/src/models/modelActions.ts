import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { type ModelInfo, RemoveModelRequest } from '../../../server/src/protocol/models';
import type { ModelDownloads } from '../downloads/modelDownloads';
import type { ListItem } from '../listPicker';
import { agreesTo, showInformation, showWarning } from '../notifications';
import type { ServerSession } from '../server/serverSession';
import { type ModelChoices, tasksOf } from './modelItems';
import { formatBytes, taskNames } from './modelText';

/** Something to do with an installed model. */
export interface ModelAction extends ListItem, vscode.QuickInputButton {
  readonly iconPath: vscode.ThemeIcon;
  /** @returns whether the list of models has changed. */
  run(): Promise<boolean>;
}

/** What can be done with a model: not every one has a folder, a page, or may be removed. */
export function modelActions(
  model: ModelInfo,
  choices: ModelChoices,
  session: ServerSession,
  downloads: ModelDownloads,
): readonly ModelAction[] {
  const { path, ref, url } = model;
  return [
    path === undefined
      ? undefined
      : toAction(vscode.l10n.t('Reveal Folder'), 'folder-opened', () => reveal(vscode.Uri.file(path))),
    url === undefined
      ? undefined
      : toAction(vscode.l10n.t('Open Page of the Model'), 'link-external', () => open(vscode.Uri.parse(url))),
    model.removable
      ? toAction(vscode.l10n.t('Download Another Format'), 'cloud-download', async () => {
          await downloads.download(ref);
          return true;
        })
      : undefined,
    model.removable
      ? toAction(vscode.l10n.t('Remove'), 'trash', () => remove(model, choices, session))
      : undefined,
  ].filter((action) => action !== undefined);
}

const toAction = (name: string, icon: string, run: () => Promise<boolean>): ModelAction => ({
  label: label.escape(name),
  tooltip: name,
  iconPath: new vscode.ThemeIcon(icon),
  run,
});

/** The file manager knows the folders of its own machine only; elsewhere the editor shows them. */
async function reveal(folder: vscode.Uri): Promise<false> {
  const isLocal = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  if (isLocal) await vscode.commands.executeCommand('revealFileInOS', folder);
  else await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
  return false;
}

async function open(page: vscode.Uri): Promise<false> {
  await vscode.env.openExternal(page);
  return false;
}

async function remove(model: ModelInfo, choices: ModelChoices, session: ServerSession): Promise<boolean> {
  const { ref, title, bytes = 0, path = '' } = model;
  const uses = tasksOf(model, choices);
  if (uses.length > 0) {
    const message = vscode.l10n.t(
      '“{0}” is in use for {1}. Choose another model there first.',
      title,
      taskNames(uses, vscode.l10n),
    );
    void showWarning(message);
    return false;
  }
  const confirm = vscode.l10n.t('Remove');
  const detail = vscode.l10n.t(
    'This frees {0} in {1}. Other programs that share the Hugging Face cache lose the model, too.',
    formatBytes(bytes, vscode.env.language),
    path,
  );
  const question = {
    message: label.escape(vscode.l10n.t('Remove “{0}”?', title)),
    detail: label.escape(detail),
  };
  if (!(await agreesTo(question, confirm, 'showWarningMessage'))) return true;
  const { freedBytes } = await session.request(RemoveModelRequest.type, { ref });
  void showInformation(
    vscode.l10n.t('“{0}” is removed. This freed {1}.', title, formatBytes(freedBytes, vscode.env.language)),
  );
  return true;
}
