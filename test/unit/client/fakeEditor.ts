import { english } from './localization';

/** A message as it was shown, with the buttons that it had. */
export interface ShownMessage {
  readonly kind: 'information' | 'warning' | 'error';
  readonly message: string;
  readonly buttons: readonly string[];
}

/** The part of the editor that asks and tells. A test says which buttons are pressed. */
class FakeWindow {
  readonly shown: ShownMessage[] = [];
  /** What was reported to progress, of all that ran. */
  readonly progress: unknown[] = [];
  /** Buttons to press, in the order of the messages; undefined closes one. */
  readonly presses: (string | undefined)[] = [];

  /** Labels to pick from lists, in the order of the lists; undefined closes one. */
  readonly picks: (string | undefined)[] = [];
  /** Labels of the lists that were shown. */
  readonly lists: (readonly string[])[] = [];

  readonly showInformationMessage = this.#shower('information');
  readonly showWarningMessage = this.#shower('warning');
  readonly showErrorMessage = this.#shower('error');

  /** Titles of what ran. */
  readonly titles: string[] = [];

  withProgress<T>(
    { title }: { readonly title: string },
    task: (progress: { report(step: unknown): void }, token: unknown) => Promise<T>,
  ): Promise<T> {
    this.titles.push(title);
    return task({ report: (step) => this.progress.push(step) }, undefined);
  }

  async showQuickPick<T extends { readonly label: string }>(items: readonly T[]): Promise<T | undefined> {
    this.lists.push(items.map(({ label }) => label));
    const label = this.picks.shift();
    return items.find((item) => item.label === label);
  }

  reset(): void {
    for (const list of [this.shown, this.progress, this.titles, this.presses, this.picks, this.lists])
      list.length = 0;
  }

  #shower(kind: ShownMessage['kind']) {
    return async (message: string, ...rest: (string | object)[]): Promise<string | undefined> => {
      this.shown.push({ kind, message, buttons: rest.filter((item) => typeof item === 'string') });
      return this.presses.shift();
    };
  }
}

/* The names of the module `vscode`, as far as it is needed. */

export const window = new FakeWindow();
export const l10n = english;
export const env = { language: 'en' };
export const ProgressLocation = { Notification: 15 };
export const ConfigurationTarget = { Global: 1, Workspace: 2, WorkspaceFolder: 3 };
/** Nobody has set anything. */
export const workspace = { getConfiguration: () => ({ get: () => undefined }) };
export class CancellationError extends Error {}
