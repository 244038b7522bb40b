import type { AnalyzeDocumentResult } from '../../../server/src/protocol/protocol';
import type { Localization } from '../localization';
import { entityTypeName, sentimentName } from './labelNames';

/** One line for a notification: sentences, then counts, largest first. @param locale for the number format */
export function analysisSummary(result: AnalyzeDocumentResult, locale: string, l10n: Localization): string {
  const format = new Intl.NumberFormat(locale);
  const list = (
    counts: Readonly<Record<string, number>>,
    nameOf: (label: string, l10n: Localization) => string,
  ): string =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .sort(([labelA, a], [labelB, b]) => b - a || labelA.localeCompare(labelB, locale))
      .map(([label, count]) => `${nameOf(label, l10n)} ${format.format(count)}`)
      .join(', ');
  const entities = list(result.entities, entityTypeName);
  const sentiment = list(result.sentiment, sentimentName);
  return [
    l10n.t('Sentences: {0}', format.format(result.sentences)),
    entities ? l10n.t('Entities: {0}', entities) : l10n.t('No entities'),
    ...(sentiment ? [l10n.t('Sentiment: {0}', sentiment)] : []),
  ].join(' · ');
}
