import * as vscode from 'vscode';
import { label } from '../../../server/src/core/surfaces/label';
import type { FillMaskCandidate, FillMaskResult } from '../../../server/src/protocol/fillMask';
import type { ListItem } from '../listPicker';
import { type CandidateItem, toCandidateItems } from './candidateItems';
import { type ListMode, listPlaceholder, listTitle } from './listText';

/** What the user wants: words, or another list. */
export type Choice =
  | { readonly kind: 'words'; readonly candidate: FillMaskCandidate }
  | { readonly kind: 'together' }
  | { readonly kind: 'gazetteer'; readonly only: boolean };

type Item = ListItem & Partial<CandidateItem>;

/** The list of suggestions: busy until they are known, gone when one is accepted or the user leaves it. */
export class CandidateList {
  readonly #pick = vscode.window.createQuickPick<Item>();

  constructor() {
    this.#pick.show();
  }

  /** Raised once, however the list goes. */
  readonly onDidHide: vscode.Event<void> = (listener, context, disposables) =>
    this.#pick.onDidHide(listener, context, disposables);

  /** Waits for an answer of the model. */
  showBusy(mode: ListMode): void {
    this.#pick.title = listTitle(mode, vscode.l10n);
    this.#pick.placeholder = vscode.l10n.t('Asking the model…');
    this.#pick.busy = true;
    this.#pick.items = [];
    this.#pick.buttons = [];
  }

  /**
   * @param preview called for each candidate that the user comes to
   * @returns undefined where the list was left
   */
  async choose(
    result: FillMaskResult,
    mode: ListMode,
    preview: (candidate: FillMaskCandidate) => void,
  ): Promise<Choice | undefined> {
    const pick = this.#pick;
    const listeners: vscode.Disposable[] = [];
    const choice = new Promise<Choice | undefined>((resolve) => {
      listeners.push(
        pick.onDidChangeActive(([item]) => item?.candidate && preview(item.candidate)),
        pick.onDidTriggerButton(() => resolve({ kind: 'gazetteer', only: !mode.onlyGazetteer })),
        pick.onDidAccept(() => {
          const [item] = pick.activeItems;
          if (item)
            resolve(item.candidate ? { kind: 'words', candidate: item.candidate } : { kind: 'together' });
        }),
        pick.onDidHide(() => resolve(undefined)),
      );
    });
    const words: readonly Item[] = toCandidateItems(result.candidates, vscode.env.language);
    pick.busy = false;
    pick.placeholder = listPlaceholder(result, vscode.l10n);
    pick.buttons = result.gazetteer === undefined ? [] : [gazetteerButton(mode)];
    pick.items = [...toTogetherItems(result), ...words];
    pick.activeItems = words.slice(0, 1);
    try {
      return await choice;
    } finally {
      for (const listener of listeners) listener.dispose();
    }
  }

  dispose(): void {
    this.#pick.dispose();
  }
}

const toTogetherItems = ({ together }: FillMaskResult): readonly Item[] =>
  together === undefined
    ? []
    : [
        {
          label: label.text`$(list-selection) ${label.escape(vscode.l10n.t('Fill all {0} masks together…', together))}`,
        },
      ];

const gazetteerButton = ({ onlyGazetteer }: ListMode): vscode.QuickInputButton =>
  onlyGazetteer
    ? { iconPath: new vscode.ThemeIcon('list-filter'), tooltip: vscode.l10n.t('Any word') }
    : { iconPath: new vscode.ThemeIcon('book'), tooltip: vscode.l10n.t('Only names of the gazetteer') };
