import * as vscode from 'vscode';
import type { Label } from '../../server/src/core/surfaces/label';

/** A line of a list. In lists `$(…)` is an icon. */
export interface ListItem extends vscode.QuickPickItem {
  readonly label: Label;
  readonly description?: Label;
  readonly detail?: Label;
}

export interface PickerOptions<T extends ListItem> {
  readonly title: Label;
  readonly placeholder: string;
  /** The list is there at once, and busy until it has its items. */
  readonly items: Promise<readonly T[]>;
  /** The item to begin with. */
  readonly isActive?: (item: T) => boolean;
  readonly canGoBack?: boolean;
}

export interface Picked<T> {
  readonly item: T;
  /** The item's button that was pressed, if it was one. */
  readonly button?: vscode.QuickInputButton;
}

/**
 * Lets the user pick from a list, by every word in it.
 *
 * @returns undefined where the list was left.
 * @throws what `items` is rejected with.
 */
export function pickFromList<T extends ListItem>(
  options: PickerOptions<T>,
): Promise<Picked<T> | 'back' | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  if (options.canGoBack) pick.buttons = [vscode.QuickInputButtons.Back];
  const picked = new Promise<Picked<T> | 'back' | undefined>((resolve, reject) => {
    pick.onDidTriggerButton(() => resolve('back'));
    pick.onDidTriggerItemButton(resolve);
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item) resolve({ item });
    });
    pick.onDidHide(() => resolve(undefined));
    options.items.then((items) => {
      pick.items = items;
      const { isActive } = options;
      if (isActive) pick.activeItems = items.filter(isActive);
      pick.busy = false;
    }, reject);
  });
  pick.show();
  return picked.finally(() => pick.dispose());
}

/** Lets the user choose from a short list. @returns undefined where the list was left. */
export const chooseOne = <T extends ListItem>(
  items: readonly T[],
  options: { readonly title?: Label; readonly placeHolder?: string },
): Thenable<T | undefined> => vscode.window.showQuickPick(items, options);
