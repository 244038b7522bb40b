import type { Position } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { AnalysisEngine } from '../core/ports';
import { groupByLength } from '../core/sentenceGroups';
import type { Aggregation } from '../core/tasks/aggregation';
import type { SentenceAnalysis } from '../core/tasks/results';
import { extractAll } from '../core/text/extractors';
import type { ProseBlock, Sentence } from '../core/text/prose';
import { overlapsAny, type Span, shiftSpan } from '../core/text/span';
import { toRange } from '../protocol/ranges';
import type { DocumentRules } from '../rules/documentRules';
import { type MentionSource, reportedMentions } from '../rules/reportedMentions';

/**
 * Estimated tokens that go to the engine at once: several of its batches, so that it has enough to sort by
 * length, and little enough to see progress.
 */
const TOKENS_PER_GROUP = 4096;

/** While the engine runs one group, the next one is already there. */
const GROUPS_IN_FLIGHT = 2;

/** A stretch of a text, as offsets (UTF-16 code units) and as zero-based line and column. */
export interface Place extends Span {
  readonly from: Position;
  readonly to: Position;
}

export interface FoundEntity extends Place {
  readonly type: string;
  /** 0…1 */
  readonly score: number;
  /** As it stands in the source, mark-up and line breaks inside included. */
  readonly text: string;
  /** As the model read it: without mark-up, in one line. */
  readonly name: string;
  /** Where it stands in the text of its sentence. */
  readonly inSentence: Span;
  /** It comes from the gazetteer. */
  readonly isListed: boolean;
}

export interface FoundSentiment {
  /** The most probable label. */
  readonly label: string;
  /** Its probability, 0…1. */
  readonly score: number;
  /** Probability of every label. */
  readonly scores: Readonly<Record<string, number>>;
}

export interface AnalyzedSentence extends Place {
  /** What the model saw: mark-up and line breaks replaced, code as an object replacement character. */
  readonly text: string;
  readonly entities: readonly FoundEntity[];
  /** Absent where it was not asked for or the model has no such labels. */
  readonly sentiment?: FoundSentiment;
  /** How it sounds is not to be pointed out. */
  readonly isIgnored: boolean;
}

export interface AnalysisOptions {
  readonly languageId: string;
  readonly aggregation: Aggregation;
  readonly entities: boolean;
  readonly sentiment: boolean;
  readonly rules: DocumentRules;
  readonly mentionSource: (sentence: Sentence, block: ProseBlock) => MentionSource;
  /** Stretches of which comments in the text say that nothing is to be reported, in order. */
  readonly ignored: readonly Span[];
  /** Labels of the model, in the order of its probabilities. */
  readonly sentimentLabels: readonly string[];
}

/**
 * Analyses a whole text.
 *
 * @param signal stops the work; its reason is thrown.
 * @param onProgress is told the number of sentences done, out of all, after every group.
 * @returns all sentences in order, those without any entity too.
 * @throws EngineError when the engine failed for good.
 */
export const analyzeText = async (
  text: string,
  engine: AnalysisEngine,
  options: AnalysisOptions,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<readonly AnalyzedSentence[]> => {
  const placed = extractAll(text, options.languageId).flatMap(({ start, block }) =>
    block.sentences.map((sentence) => ({ sentence, block, offset: start })),
  );
  const results = await analyzeDistinct(
    placed.map(({ sentence }) => sentence.text),
    engine,
    options.aggregation,
    signal,
    onProgress,
  );
  const document = TextDocument.create('', options.languageId, 0, text);
  return placed.map((one) =>
    toAnalyzedSentence(document, one, results.get(one.sentence.text) ?? nothing, options),
  );
};

const nothing: SentenceAnalysis = { mentions: [], sentiment: [] };

/** Asks for each distinct sentence once: tables and lists repeat themselves. */
export const analyzeDistinct = async (
  sentences: readonly string[],
  engine: AnalysisEngine,
  aggregation: Aggregation,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, SentenceAnalysis>> => {
  const distinct = [...new Set(sentences)];
  const results = new Map<string, SentenceAnalysis>();
  // One iterator, shared by as many consumers as there may be groups in flight.
  const groups = groupByLength(distinct, TOKENS_PER_GROUP).values();
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const consume = async (): Promise<void> => {
    for (const indices of groups) {
      const group = indices.map((index) => distinct[index] ?? '');
      const analyses = await engine.analyze(group, { aggregation, signal: either });
      for (const [i, sentence] of group.entries()) results.set(sentence, analyses[i] ?? nothing);
      onProgress(results.size, distinct.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: GROUPS_IN_FLIGHT }, consume));
  } catch (error) {
    // What the others still wait for is of no use any more.
    failure.abort(error);
    throw error;
  }
  return results;
};

const toPlace = (document: TextDocument, span: Span): Place => {
  const { start: from, end: to } = toRange(document, span);
  return { start: span.start, end: span.end, from, to };
};

const toAnalyzedSentence = (
  document: TextDocument,
  {
    sentence,
    block,
    offset,
  }: { readonly sentence: Sentence; readonly block: ProseBlock; readonly offset: number },
  analysis: SentenceAnalysis,
  options: AnalysisOptions,
): AnalyzedSentence => {
  const source = document.getText();
  const place = shiftSpan(sentence.source, offset);
  const mentions = options.entities
    ? reportedMentions(sentence, analysis.mentions, options.mentionSource(sentence, block), options.rules)
    : [];
  const sentiment = options.sentiment ? toSentiment(analysis.sentiment, options.sentimentLabels) : undefined;
  return {
    ...toPlace(document, place),
    text: sentence.text,
    isIgnored: overlapsAny(options.ignored, place) || options.rules.filter.ignoresSentence(sentence.text),
    entities: mentions.flatMap(({ start, end, type, score, isListed = false }) => {
      const span = shiftSpan(sentence.toSource({ start, end }), offset);
      if (overlapsAny(options.ignored, span)) return [];
      return {
        ...toPlace(document, span),
        type,
        score,
        text: source.slice(span.start, span.end),
        name: sentence.text.slice(start, end),
        inSentence: { start, end },
        isListed,
      };
    }),
    ...(sentiment && { sentiment }),
  };
};

const toSentiment = (
  probabilities: readonly number[],
  labels: readonly string[],
): FoundSentiment | undefined => {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const label = labels[best];
  const score = probabilities[best];
  if (label === undefined || score === undefined) return undefined;
  const scores = Object.fromEntries(labels.map((name, i) => [name, probabilities[i] ?? 0]));
  return { label, score, scores };
};
