import type { AnalyzeDocumentResult } from '../../../server/src/protocol/protocol';
import type { Localization } from '../localization';

/** One line for a notification: sentences, then counts, largest first. @param locale for the number format */
export function analysisSummary(result: AnalyzeDocumentResult, locale: string, l10n: Localization): string {
  const format = new Intl.NumberFormat(locale);
  const list = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .sort(([nameA, a], [nameB, b]) => b - a || nameA.localeCompare(nameB, locale))
      .map(([name, count]) => `${name} ${format.format(count)}`)
      .join(', ');
  const entities = list(result.entities);
  const sentiment = list(result.sentiment);
  return [
    l10n.t('Sentences: {0}', format.format(result.sentences)),
    entities ? l10n.t('Entities: {0}', entities) : l10n.t('No entities'),
    ...(sentiment ? [l10n.t('Sentiment: {0}', sentiment)] : []),
  ].join(' · ');
}
