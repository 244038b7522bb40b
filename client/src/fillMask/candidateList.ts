import * as vscode from 'vscode';
import type { FillMaskCandidate } from '../../../server/src/protocol/protocol';
import { type CandidateItem, toCandidateItems } from './candidateItems';

/** The list of suggestions: busy until they are known, gone when one is accepted or the user leaves it. */
export class CandidateList {
  readonly #pick = vscode.window.createQuickPick<CandidateItem>();

  constructor() {
    this.#pick.title = vscode.l10n.t('Suggest Words');
    this.#pick.placeholder = vscode.l10n.t('Asking the model…');
    this.#pick.busy = true;
    this.#pick.show();
  }

  /** Raised once, however the list goes. */
  readonly onDidHide: vscode.Event<void> = (listener, context, disposables) =>
    this.#pick.onDidHide(listener, context, disposables);

  /**
   * @param preview called for each candidate that the user comes to
   * @returns the accepted candidate; undefined where the list was left
   */
  choose(
    candidates: readonly FillMaskCandidate[],
    preview: (candidate: FillMaskCandidate) => void,
  ): Promise<FillMaskCandidate | undefined> {
    const pick = this.#pick;
    return new Promise((resolve) => {
      pick.onDidChangeActive(([item]) => item && preview(item.candidate));
      pick.onDidAccept(() => {
        const [item] = pick.activeItems;
        if (!item) return;
        resolve(item.candidate);
        pick.hide();
      });
      pick.onDidHide(() => resolve(undefined));
      pick.busy = false;
      pick.placeholder =
        candidates.length > 0
          ? vscode.l10n.t('Enter replaces the text, Escape leaves it as it is')
          : vscode.l10n.t('The model has no suggestion');
      pick.items = toCandidateItems(candidates, vscode.env.language);
    });
  }

  dispose(): void {
    this.#pick.dispose();
  }
}
