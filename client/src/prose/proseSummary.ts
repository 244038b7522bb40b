import type { ProseResult } from '../../../server/src/protocol/prose';
import type { Localization } from '../localization';
import { skipDetail } from '../status/statusViews';

/** One line for the status bar: what of a document is analysed. @param locale for the number format */
export function proseSummary(
  { skipped, counts }: Pick<ProseResult, 'skipped' | 'counts'>,
  locale: string,
  l10n: Localization,
): string {
  if (skipped) return l10n.t('No prose is analyzed. {0}', skipDetail(skipped, l10n));
  const format = new Intl.NumberFormat(locale);
  return [
    l10n.t('Prose: {0} sentences analyzed', format.format(counts.analyzed)),
    ...(counts.pending > 0 ? [l10n.t('{0} not yet', format.format(counts.pending))] : []),
    ...(counts.leftOut > 0
      ? [l10n.t('{0} in languages that the model does not know', format.format(counts.leftOut))]
      : []),
    ...(counts.ignored > 0 ? [l10n.t('{0} ignored', format.format(counts.ignored))] : []),
  ].join(' · ');
}
