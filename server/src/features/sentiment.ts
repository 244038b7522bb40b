import { t } from '@vscode/l10n';
import type { SentenceAnalysis } from '../core/tasks/results';
import type { DocumentSession } from '../scheduling/documentSession';

/** The most probable label of a sentence; undefined where the model does not judge sentiment. */
export interface Sentiment {
  /** As the model names it, for instance `negative`. */
  readonly label: string;
  /** 0…1 */
  readonly score: number;
}

export function sentimentOf(analysis: SentenceAnalysis, labels: readonly string[]): Sentiment | undefined {
  let best: Sentiment | undefined;
  analysis.sentiment.forEach((score, index) => {
    const label = labels[index];
    if (label !== undefined && (!best || score > best.score)) best = { label, score };
  });
  return best;
}

/** How many of the sentences known so far have each label as their most probable one. */
export function countSentiments(session: DocumentSession): Record<string, number> {
  const labels = session.sentimentLabels;
  const counts: Record<string, number> = Object.fromEntries(labels.map((label) => [label, 0]));
  for (const { block } of session.layout) {
    for (const sentence of block.sentences) {
      const analysis = session.analysisOf(sentence);
      const sentiment = analysis && sentimentOf(analysis, labels);
      if (sentiment) counts[sentiment.label] = (counts[sentiment.label] ?? 0) + 1;
    }
  }
  return counts;
}

/** A sentiment label in words; labels that are not known keep their name. */
export function sentimentName(label: string): string {
  switch (label) {
    case 'negative':
      return t('negative');
    case 'neutral':
      return t('neutral');
    case 'positive':
      return t('positive');
    default:
      return label;
  }
}

/** A probability for people. */
export const toPercent = (probability: number): string => t('{0} %', Math.round(probability * 100));
