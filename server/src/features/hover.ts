import { t } from '@vscode/l10n';
import { type Hover, MarkupKind } from 'vscode-languageserver';
import { label } from '../core/surfaces/label';
import { markdown } from '../core/surfaces/markdown';
import type { Surface } from '../core/surfaces/surface';
import type { SentenceAnalysis } from '../core/tasks/results';
import { toSentimentScale } from '../core/tasks/sentimentScale';
import type { Span } from '../core/text/span';
import { languageName } from '../protocol/languageName';
import type { EntityMark } from '../protocol/protocol';
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

/** How a hover is worded: in Markdown, or for clients that show none. */
interface Wording<T extends string> {
  readonly kind: MarkupKind;
  readonly surface: Surface<T>;
  strong(text: T): T;
}

const wordings = {
  markdown: {
    kind: MarkupKind.Markdown,
    surface: markdown,
    strong: (text) => markdown.text`**${text}**`,
  } satisfies Wording<ReturnType<typeof markdown.escape>>,
  plain: {
    kind: MarkupKind.PlainText,
    surface: label,
    strong: (text) => text,
  } satisfies Wording<ReturnType<typeof label.escape>>,
};

/** Shows the entity at the mouse, and how its sentence and the whole document sound. */
export function registerHover({ connection, capabilities, locale, documents, logger }: FeatureContext): void {
  const showsMarkdown =
    capabilities.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? false;
  connection.onHover(({ textDocument, position }, token) =>
    runSafe('Hover', logger, token, null, async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      if (!session) return null;
      const offset = toOffset(session.document.positions, position);
      return showsMarkdown
        ? computeHover(session, offset, locale, wordings.markdown)
        : computeHover(session, offset, locale, wordings.plain);
    }),
  );
}

/** Waits for no more than the one sentence at the offset. @param locale BCP 47. */
async function computeHover<T extends string>(
  session: DocumentSession,
  offset: number,
  locale: string,
  wording: Wording<T>,
): Promise<Hover | null> {
  const placed = sentenceAt(session.layout, offset);
  if (!placed) return null;
  const { version } = session;
  const analysis = await session.requestAnalysis(placed.sentence);
  // An edit that came meanwhile moved everything; the editor asks again.
  if (!analysis || session.document.version !== version) return null;
  const entity = entityAt(session, offset);
  const paragraphs = [
    ...(entity ? describeEntity(session, entity, mentionsAt(session, offset), wording) : []),
    ...(analysis.isLeftOut
      ? [describeLeftOut(analysis, locale, wording)]
      : session.settings['sentiment.enabled']
        ? describeSentiment(session, placed, analysis, locale, wording)
        : []),
  ];
  if (paragraphs.length === 0) return null;
  const span: Span = entity ?? placed.span;
  return {
    contents: { kind: wording.kind, value: wording.surface.join(paragraphs, '\n\n') },
    range: toRange(session.document.positions, span),
  };
}

function describeEntity<T extends string>(
  session: DocumentSession,
  entity: EntityMark,
  mentions: readonly Span[],
  { surface, strong }: Wording<T>,
): readonly T[] {
  const confidence = entity.isListed
    ? surface.message(t('From the gazetteer'))
    : surface.message(t('Confidence: {0}'), surface.message(toPercent(entity.score)));
  const title = [
    strong(surface.name(entityTypeName(entity.type))),
    surface.escape(entityText(session, entity)),
    confidence,
  ];
  return [surface.join(title, ' · '), describeMentions(session, mentions, entity, surface)];
}

function describeMentions<T extends string>(
  session: DocumentSession,
  mentions: readonly Span[],
  here: Span,
  surface: Surface<T>,
): T {
  if (mentions.length <= 1) return surface.message(t('The only mention in this document.'));
  const others = mentions.filter(({ start }) => start !== here.start);
  const lines = others.map(({ start }) => session.document.positions.positionAt(start).line + 1);
  const distinct = [...new Set(lines)];
  const named = surface.join(
    distinct.slice(0, LINES_NAMED).map((line) => surface.text`${line}`),
    ', ',
  );
  const rest = distinct.length - LINES_NAMED;
  return rest > 0
    ? surface.message(
        t('{0} mentions in this document; others in lines {1} and {2} more.'),
        mentions.length,
        named,
        rest,
      )
    : surface.message(t('{0} mentions in this document; others in lines {1}.'), mentions.length, named);
}

function describeLeftOut<T extends string>(
  { language = '' }: SentenceAnalysis,
  locale: string,
  { surface }: Wording<T>,
): T {
  const name = surface.escape(languageName(language, locale));
  return surface.message(t('This sentence is not analyzed: the model does not know {0}.'), name);
}

function describeSentiment<T extends string>(
  session: DocumentSession,
  { sentence, block }: PlacedSentence,
  analysis: SentenceAnalysis,
  locale: string,
  { surface, strong }: Wording<T>,
): readonly T[] {
  const model = sentimentModelOf(session.engines.analyzer, analysis);
  const sentiment = model && sentimentOf(analysis, model);
  if (!sentiment) return [];
  const toName = (given: string): T => surface.name(sentimentName(given));
  const percentOf = (score: number): T => surface.message(toPercent(score));
  const name = strong(toName(sentiment.label));
  const others = model.sentimentLabels
    .map((given, index) => ({ given, score: analysis.sentiment[index] ?? 0 }))
    .filter(({ given }) => given !== sentiment.label)
    .map(({ given, score }) => surface.text`${toName(given)} ${percentOf(score)}`);
  const judged =
    model.sentimentProblem === 'regression'
      ? surface.text`${name} (${surface.message(toDecimal(analysis.sentiment[0] ?? 0))})`
      : others.length > 0
        ? surface.text`${name} ${percentOf(sentiment.score)} (${surface.join(others, ', ')})`
        : surface.text`${name} ${percentOf(sentiment.score)}`;
  const scale = toSentimentScale(model.sentimentLabels, model.sentimentProblem);
  const judgement = scale
    ? surface.text`${judged} · ${surface.message(
        t('{0} on a scale from −1 to +1'),
        surface.message(toSigned(scale.value(analysis.sentiment))),
      )}`
    : judged;
  const counts = Object.entries(countSentiments(session));
  const balance = counts
    .filter(([, count]) => count > 0 || counts.length <= LABELS_NAMED)
    .map(([given, count]) => surface.text`${count} ${toName(given)}`);
  const language = session.languageOf(sentence, block.block);
  return [
    language === undefined
      ? surface.message(t('Sentence: {0}'), judgement)
      : surface.message(t('Sentence ({0}): {1}'), surface.escape(languageName(language, locale)), judgement),
    surface.message(t('Document, in sentences: {0}'), surface.join(balance, ' · ')),
  ];
}
