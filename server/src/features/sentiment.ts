import { t } from '@vscode/l10n';
import type { ModelDescription } from '../core/model';
import type { SentenceAnalysis } from '../core/tasks/results';
import { toSentimentScale } from '../core/tasks/sentimentScale';
import { argmax } from '../core/tasks/softmax';
import { sentimentModelOf } from '../scheduling/analyzers';
import type { DocumentSession } from '../scheduling/documentSession';

type SentimentModel = Pick<ModelDescription, 'sentimentLabels' | 'sentimentProblem'>;

/** How a sentence sounds. */
export interface Sentiment {
  /** The most probable label, as the model names it; of a regression one of {@link poles}. */
  readonly label: string;
  /** 0…1 */
  readonly score: number;
}

/** What a number on the scale from −1 to +1 is called, each for a third of it. */
const poles = ['negative', 'neutral', 'positive'] as const;

function poleOf(value: number): (typeof poles)[number] {
  if (Math.abs(value) <= 1 / 3) return 'neutral';
  return value < 0 ? 'negative' : 'positive';
}

/** @returns undefined where the model does not judge sentiment. */
export function sentimentOf({ sentiment }: SentenceAnalysis, model: SentimentModel): Sentiment | undefined {
  if (sentiment.length === 0) return undefined;
  if (model.sentimentProblem === 'regression') {
    const value = toSentimentScale(model.sentimentLabels, 'regression')?.value(sentiment) ?? 0;
    return { label: poleOf(value), score: Math.abs(value) };
  }
  const best = argmax(sentiment);
  return { label: model.sentimentLabels[best] ?? '', score: sentiment[best] ?? 0 };
}

/** How many of the sentences known so far have each label. */
export function countSentiments(session: DocumentSession): Record<string, number> {
  const { analyzer } = session.engines;
  const main = analyzer.models.main.sentiment?.description;
  if (!main) return {};
  const labels = main.sentimentProblem === 'regression' ? poles : main.sentimentLabels;
  const counts: Record<string, number> = Object.fromEntries(labels.map((label) => [label, 0]));
  for (const { block } of session.layout) {
    for (const sentence of block.sentences) {
      const analysis = session.analysisOf(sentence);
      const model = analysis && sentimentModelOf(analyzer, analysis);
      const sentiment = model && sentimentOf(analysis, model);
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

const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
const decimals = new Intl.NumberFormat('en', { ...digits, signDisplay: 'negative', useGrouping: false });
const signedDecimals = new Intl.NumberFormat('en', { ...digits, signDisplay: 'exceptZero' });

/** A number for people. */
export const toDecimal = (value: number): string => decimals.format(value).replace('-', '−');

/** A number of a scale that goes both ways. */
export const toSigned = (value: number): string => signedDecimals.format(value).replace('-', '−');
