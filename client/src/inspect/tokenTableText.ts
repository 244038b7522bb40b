import type { TokenTableText } from '../../../server/src/protocol/tokenTable';
import type { Localization } from '../localization';
import { taskNames } from '../models/modelText';

/** @param locale a BCP 47 tag, for the numbers */
export function tokenTableText(locale: string, l10n: Localization): TokenTableText {
  return {
    locale,
    title: l10n.t('Tokens'),
    token: l10n.t('Token'),
    id: l10n.t('Id'),
    offsets: l10n.t('Offsets'),
    text: l10n.t('Text'),
    word: l10n.t('Word'),
    label: l10n.t('Label'),
    secondLabel: l10n.t('Second label'),
    remark: l10n.t('Remark'),
    special: l10n.t('added by the model'),
    unknown: l10n.t('unknown to the model'),
    modelTitle: ({ model, tasks }) => `${model} (${taskNames(tasks, l10n)})`,
    sentiment: (scores) => l10n.t('Sentiment: {0}', scores),
    windowBegins: (number) => l10n.t('window {0} begins', number),
    windowEnds: (number) => l10n.t('window {0} ends', number),
  };
}
