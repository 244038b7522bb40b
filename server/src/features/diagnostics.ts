import { t } from '@vscode/l10n';
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
} from 'vscode-languageserver';
import { logFailure } from '../core/logFailure';
import type { ModelDescription } from '../core/model';
import { type Label, label } from '../core/surfaces/label';
import type { SentenceAnalysis } from '../core/tasks/results';
import { type SentimentScale, toSentimentScale } from '../core/tasks/sentimentScale';
import type { ProseBlock, Sentence } from '../core/text/prose';
import { proseFormat } from '../core/text/proseLanguages';
import type { Span } from '../core/text/span';
import { overlapsAny, shiftSpan } from '../core/text/span';
import { toRange } from '../protocol/ranges';
import { RULE_FILE } from '../protocol/rules';
import { type Analyzer, sentimentModelOf } from '../scheduling/analyzers';
import type { DocumentSession } from '../scheduling/documentSession';
import type { Settings } from '../settings/schema';
import type { FeatureContext } from './context';
import { allEntities, entityTypeName } from './entities';
import { runSafe } from './runSafe';
import { toPercent } from './sentiment';
import { Throttle } from './throttle';

/** How often diagnostics of a document are published while bulk work goes on. */
const PUBLISH_MILLISECONDS = 250;

export const SOURCE = 'subtext';
/** The code of a diagnostic that is about how a sentence sounds. */
export const NEGATIVE_SENTENCE = 'negative-sentence';

/** Whether this client pulls its diagnostics; else they are pushed. */
export function isPulling({
  options,
  capabilities,
}: Pick<FeatureContext, 'options' | 'capabilities'>): boolean {
  const canPull =
    capabilities.textDocument?.diagnostic !== undefined &&
    capabilities.workspace?.diagnostics?.refreshSupport === true;
  return options.diagnostics === undefined ? canPull : options.diagnostics === 'pull';
}

/** How many diagnostics a document has, and how many it would have without the limit that the user set. */
export interface DiagnosticCounts {
  readonly shown: number;
  readonly found: number;
}

/**
 * Strongly negative sentences, and entities where asked for, as diagnostics.
 * @returns the counts of what was pushed last for a document; undefined where the client pulls.
 */
export function registerDiagnostics(
  context: FeatureContext,
): (session: DocumentSession) => DiagnosticCounts | undefined {
  if (!isPulling(context)) return registerPush(context);
  registerPull(context);
  return () => undefined;
}

/** What is wrong in such a file stays, open or not: features/rules.ts publishes it. */
const isRuleFile = (uri: string): boolean => uri.endsWith(`/${RULE_FILE}`);

function registerPush({ connection, documents, clock, logger }: FeatureContext) {
  const scores = new AnalyzerScores();
  const counts = new WeakMap<DocumentSession, DiagnosticCounts>();
  const throttles = new Map<string, Throttle>();
  const publish = (params: Parameters<Connection['sendDiagnostics']>[0]) => {
    void logFailure(connection.sendDiagnostics(params), 'Diagnostics could not be sent.', logger);
  };
  documents.onUpdate((session, { urgent }) => {
    const { uri } = session.document;
    if (isRuleFile(uri)) return;
    let throttle = throttles.get(uri);
    if (!throttle) {
      throttle = new Throttle(clock, PUBLISH_MILLISECONDS, () => {
        // While the layout is behind the text there is nothing to say; its report calls again.
        if (!session.isCurrent) return;
        const { diagnostics, found } = computeDiagnostics(session, scores);
        counts.set(session, { shown: diagnostics.length, found });
        publish({ uri, version: session.version, diagnostics });
      });
      throttles.set(uri, throttle);
    }
    // While an answer is on its way the client keeps its own marks, which it moves with the text.
    if (session.isComplete || !urgent) throttle.run(session.isComplete);
  });
  documents.onClose((uri) => {
    throttles.get(uri)?.cancel();
    throttles.delete(uri);
    if (!isRuleFile(uri)) publish({ uri, diagnostics: [] });
  });
  return (session: DocumentSession) => counts.get(session);
}

function registerPull({ connection, documents, clock, logger }: FeatureContext): void {
  const scores = new AnalyzerScores();
  const refresh = new Throttle(clock, PUBLISH_MILLISECONDS, () => {
    const refreshing = connection.languages.diagnostics.refresh();
    void logFailure(refreshing, 'The client does not ask for diagnostics again.', logger);
  });
  documents.onUpdate((session) => refresh.run(session.isComplete));
  connection.languages.diagnostics.on(({ textDocument }, token) =>
    runSafe('Diagnostics', logger, token, report([]), async () => {
      const session = await documents.find(textDocument.uri);
      await session?.ready();
      return report(session ? computeDiagnostics(session, scores).diagnostics : []);
    }),
  );
}

const report = (items: Diagnostic[]): DocumentDiagnosticReport => ({
  kind: DocumentDiagnosticReportKind.Full,
  items,
});

/** What is known now; the strongest ones where there are more than the user wants, in the document's order. */
export function computeDiagnostics(
  session: DocumentSession,
  scores: AnalyzerScores,
): { readonly diagnostics: Diagnostic[]; readonly found: number } {
  const { settings } = session;
  const found = [...negativeSentences(session, scores.for(session)), ...entityDiagnostics(session)];
  const strongest = found.sort((a, b) => b.score - a.score).slice(0, settings['diagnostics.maximum']);
  const diagnostics = strongest
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, score, severity, code, describe }) => ({
      range: toRange(session.document.positions, span),
      severity,
      source: SOURCE,
      code,
      message: describe(label.message(toPercent(score))),
    }));
  return { diagnostics, found: found.length };
}

interface Finding {
  readonly span: Span;
  readonly score: number;
  readonly severity: DiagnosticSeverity;
  readonly code: string;
  /** Makes the message; there may be thousands of findings of which a hundred are shown. */
  readonly describe: (percent: Label) => Label;
}

const describeNegative = (percent: Label): Label =>
  label.message(t('This sentence sounds strongly negative ({0}).'), percent);

/**
 * How negative each block that is known as a whole gets, so that on a keystroke all but a few blocks
 * are passed over. Blocks do not change, and neither do their scores.
 */
class BlockScores {
  readonly #analyzer: Analyzer;
  /** Undefined for models that judge no sentiment: nothing is negative then. */
  readonly #scales = new Map<ModelDescription | undefined, SentimentScale | undefined>();
  readonly #highest = new WeakMap<ProseBlock, number>();

  constructor(analyzer: Analyzer) {
    this.#analyzer = analyzer;
  }

  /** How probable it is that a sentence is negative, as far as that is known. */
  of(session: DocumentSession, sentence: Sentence): number {
    const analysis = session.analysisOf(sentence);
    if (!analysis || analysis.sentiment.length === 0) return 0;
    return this.#scaleOf(analysis)?.negative(analysis.sentiment) ?? 0;
  }

  /** No more than 1, which stands for a block that is not known as a whole. */
  highest(session: DocumentSession, block: ProseBlock): number {
    const known = this.#highest.get(block);
    if (known !== undefined) return known;
    if (!block.sentences.every((sentence) => session.analysisOf(sentence))) return 1;
    const highest = Math.max(0, ...block.sentences.map((sentence) => this.of(session, sentence)));
    this.#highest.set(block, highest);
    return highest;
  }

  #scaleOf(analysis: SentenceAnalysis): SentimentScale | undefined {
    const model = sentimentModelOf(this.#analyzer, analysis);
    if (!this.#scales.has(model))
      this.#scales.set(model, model && toSentimentScale(model.sentimentLabels, model.sentimentProblem));
    return this.#scales.get(model);
  }
}

/** Scores of blocks by what made them. */
export class AnalyzerScores {
  readonly #scores = new WeakMap<Analyzer, BlockScores>();

  for({ engines: { analyzer } }: DocumentSession): BlockScores {
    let scores = this.#scores.get(analyzer);
    if (!scores) {
      scores = new BlockScores(analyzer);
      this.#scores.set(analyzer, scores);
    }
    return scores;
  }
}

function* negativeSentences(session: DocumentSession, scores: BlockScores): Generator<Finding> {
  const { settings, rules } = session;
  const severity = toSeverity(settings['sentiment.diagnostics']);
  if (!settings['sentiment.enabled'] || severity === undefined) return;
  if (proseFormat(session.document.languageId) === 'code') return;
  const threshold = settings['sentiment.threshold'];
  for (const { start, block } of session.layout) {
    if (scores.highest(session, block) < threshold) continue;
    for (const sentence of block.sentences) {
      const score = scores.of(session, sentence);
      if (score === 0 || score < threshold) continue;
      const span = shiftSpan(sentence.source, start);
      if (overlapsAny(session.ignored, span) || rules.filter.ignoresSentence(sentence.text)) continue;
      yield {
        span,
        score,
        severity,
        code: NEGATIVE_SENTENCE,
        describe: describeNegative,
      };
    }
  }
}

function* entityDiagnostics(session: DocumentSession): Generator<Finding> {
  const severity = toSeverity(session.settings['entities.diagnostics']);
  if (severity === undefined) return;
  for (const entity of allEntities(session)) {
    yield {
      span: entity,
      score: entity.score,
      severity,
      code: `entity-${label.name(entity.type).toLowerCase()}`,
      describe: (percent) => label.message(t('{0} ({1})'), label.name(entityTypeName(entity.type)), percent),
    };
  }
}

function toSeverity(setting: Settings['sentiment.diagnostics']): DiagnosticSeverity | undefined {
  switch (setting) {
    case 'off':
      return undefined;
    case 'hint':
      return DiagnosticSeverity.Hint;
    case 'information':
      return DiagnosticSeverity.Information;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'error':
      return DiagnosticSeverity.Error;
  }
}
