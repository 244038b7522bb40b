import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import { requestError } from '../server/requestError';

/**
 * Lets the user name a model. What cannot be used stays in the box with the reason below it.
 *
 * @param check rejects with the reason.
 * @returns what `check` found; undefined where the box was left.
 */
export function askForReference<T>(
  check: (ref: string, token: vscode.CancellationToken) => Promise<T>,
): Promise<T | undefined> {
  const box = vscode.window.createInputBox();
  const left = new vscode.CancellationTokenSource();
  box.title = vscode.l10n.t('Choose Model');
  box.placeholder = 'owner/name';
  box.prompt = vscode.l10n.t(
    'A Hugging Face repository, if need be with “@” and a revision, or the path of a folder',
  );
  const found = new Promise<T | undefined>((resolve) => {
    box.onDidChangeValue(() => {
      box.validationMessage = undefined;
    });
    box.onDidAccept(async () => {
      const ref = box.value.trim();
      if (ref === '' || box.busy) return;
      box.busy = true;
      try {
        resolve(await check(ref, left.token));
      } catch (error) {
        const problem = requestError(error);
        box.validationMessage = problem === undefined ? undefined : label.escape(problem);
      } finally {
        box.busy = false;
      }
    });
    box.onDidHide(() => resolve(undefined));
  });
  box.show();
  return found.finally(() => {
    left.cancel();
    left.dispose();
    box.dispose();
  });
}
