import { type FillMaskResult, mostListedNames } from '../../../server/src/protocol/fillMask';
import type { Localization } from '../localization';

/** What a list is of. */
export interface ListMode {
  readonly together: boolean;
  readonly onlyGazetteer: boolean;
}

export function listTitle({ together, onlyGazetteer }: ListMode, l10n: Localization): string {
  const title = together ? l10n.t('Fill All Masks') : l10n.t('Suggest Words');
  return onlyGazetteer ? `${title}: ${l10n.t('Names of the Gazetteer')}` : title;
}

export function listPlaceholder({ candidates, leftOut }: FillMaskResult, l10n: Localization): string {
  if (candidates.length === 0) return l10n.t('The model has no suggestion');
  if (leftOut !== undefined) {
    return l10n.t(
      'Of {0} names the first {1} are looked at. Letters right before the mask choose others.',
      mostListedNames + leftOut,
      mostListedNames,
    );
  }
  return l10n.t('Enter replaces the text, Escape leaves it as it is');
}
