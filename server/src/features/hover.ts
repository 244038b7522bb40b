import { t } from '@vscode/l10n';
import { type Hover, MarkupKind } from 'vscode-languageserver';
import type { SentenceAnalysis } from '../core/tasks/results';
import { toSentimentScale } from '../core/tasks/sentimentScale';
import type { Span } from '../core/text/span';
import { languageName } from '../protocol/languageName';
import { toOffset, toRange } from '../protocol/ranges';
import { sentimentModelOf } from '../scheduling/analyzers';
import type { DocumentSession } from '../scheduling/documentSession';
import { type PlacedSentence, sentenceAt } from '../scheduling/layout';
import type { FeatureContext } from './context';
import { entityAt, entityText, entityTypeName, mentionsAt } from './entities';
import { runSafe } from './runSafe';
import { countSentiments, sentimentName, sentimentOf, toDecimal, toPercent, toSigned } from './sentiment';

/** How many lines a hover names before it says how many more there are. */
const LINES_NAMED = 8;
/** With more labels than that, those that no sentence has are left out of the balance. */
const LABELS_NAMED = 5;

/** Shows the entity at the mouse, and how its sentence and the whole document sound. */
export function registerHover({ connection, capabilities, locale, documents, logger }: FeatureContext): void {
  const markdown = capabilities.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? false;
  connection.onHover(({ textDocument, position }, token) =>
    runSafe('Hover', logger, token, null, async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      if (!session) return null;
      const offset = toOffset(session.document.positions, position);
      return computeHover(session, offset, { markdown, locale });
    }),
  );
}

/** How a hover is worded. */
interface Wording {
  readonly markdown: boolean;
  /** BCP 47. */
  readonly locale: string;
}

/** Waits for no more than the one sentence at the offset. */
export async function computeHover(
  session: DocumentSession,
  offset: number,
  wording: Wording,
): Promise<Hover | null> {
  const placed = sentenceAt(session.layout, offset);
  if (!placed) return null;
  const { version } = session;
  const { markdown } = wording;
  const analysis = await session.requestAnalysis(placed.sentence);
  // An edit that came meanwhile moved everything; the editor asks again.
  if (!analysis || session.document.version !== version) return null;
  const entity = entityAt(session, offset);
  const paragraphs = [
    entity ? describeEntity(session, offset, markdown) : '',
    analysis.isLeftOut
      ? describeLeftOut(analysis, wording)
      : session.settings['sentiment.enabled']
        ? describeSentiment(session, placed, analysis, wording)
        : '',
  ].filter((paragraph) => paragraph !== '');
  if (paragraphs.length === 0) return null;
  const span: Span = entity ?? placed.span;
  return {
    contents: {
      kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText,
      value: paragraphs.join('\n\n'),
    },
    range: toRange(session.document.positions, span),
  };
}

function describeEntity(session: DocumentSession, offset: number, markdown: boolean): string {
  const mentions = mentionsAt(session, offset);
  const entity = entityAt(session, offset);
  if (!entity) return '';
  const type = entityTypeName(entity.type);
  const text = entityText(session, entity);
  const title = markdown ? `**${type}** · ${escapeMarkdown(text)}` : `${type} · ${text}`;
  const confidence = entity.isListed
    ? t('From the gazetteer')
    : t('Confidence: {0}', toPercent(entity.score));
  return [`${title} · ${confidence}`, describeMentions(session, mentions, entity)].join('\n\n');
}

function describeMentions(session: DocumentSession, mentions: readonly Span[], here: Span): string {
  if (mentions.length <= 1) return t('The only mention in this document.');
  const others = mentions.filter(({ start }) => start !== here.start);
  const lines = others.map(({ start }) => session.document.positions.positionAt(start).line + 1);
  const distinct = [...new Set(lines)];
  const named = distinct.slice(0, LINES_NAMED).join(', ');
  const rest = distinct.length - LINES_NAMED;
  return rest > 0
    ? t('{0} mentions in this document; others in lines {1} and {2} more.', mentions.length, named, rest)
    : t('{0} mentions in this document; others in lines {1}.', mentions.length, named);
}

function describeLeftOut({ language = '' }: SentenceAnalysis, { locale }: Wording): string {
  return t('This sentence is not analyzed: the model does not know {0}.', languageName(language, locale));
}

function describeSentiment(
  session: DocumentSession,
  { sentence, block }: PlacedSentence,
  analysis: SentenceAnalysis,
  { markdown, locale }: Wording,
): string {
  const model = sentimentModelOf(session.engines.analyzer, analysis);
  const sentiment = model && sentimentOf(analysis, model);
  if (!sentiment) return '';
  const toName = (label: string) => (markdown ? escapeMarkdown(sentimentName(label)) : sentimentName(label));
  const name = markdown ? `**${toName(sentiment.label)}**` : toName(sentiment.label);
  const others = model.sentimentLabels
    .map((label, index) => ({ label, score: analysis.sentiment[index] ?? 0 }))
    .filter(({ label }) => label !== sentiment.label)
    .map(({ label, score }) => `${toName(label)} ${toPercent(score)}`);
  const judged =
    model.sentimentProblem === 'regression'
      ? `${name} (${toDecimal(analysis.sentiment[0] ?? 0)})`
      : `${name} ${toPercent(sentiment.score)}${others.length > 0 ? ` (${others.join(', ')})` : ''}`;
  const scale = toSentimentScale(model.sentimentLabels, model.sentimentProblem);
  const value = scale && t('{0} on a scale from −1 to +1', toSigned(scale.value(analysis.sentiment)));
  const counts = Object.entries(countSentiments(session));
  const balance = counts
    .filter(([, count]) => count > 0 || counts.length <= LABELS_NAMED)
    .map(([label, count]) => `${count} ${toName(label)}`);
  const language = session.languageOf(sentence, block.block);
  const judgement = value === undefined ? judged : `${judged} · ${value}`;
  return [
    language === undefined
      ? t('Sentence: {0}', judgement)
      : t('Sentence ({0}): {1}', languageName(language, locale), judgement),
    t('Document, in sentences: {0}', balance.join(' · ')),
  ].join('\n\n');
}

/** Document text in Markdown: no character of it may act as mark-up. */
export const escapeMarkdown = (text: string): string => text.replace(/[!-/:-@[-`{-~]/gu, '\\$&');
