import { toLanguageCode } from '../../core/language/languageCodes';
import { EngineError } from '../../core/ports';
import type { Aggregation } from '../../core/tasks/aggregation';
import { leastScoreOf } from '../../core/tasks/leastScores';
import type { SentenceAnalysis } from '../../core/tasks/results';
import { STANDARD_INPUT, toName } from '../analyzeCommand';
import { analyzeDistinct } from '../analyzeText';
import type { RunningEngine } from '../engine';
import { exitCodes } from '../exitCodes';
import { readStandardInput, readTextFile } from '../readInput';
import type { Session } from '../session';
import { count } from '../textFormat';
import { AnnotationError } from './annotations';
import { evaluateEntities, toTypes } from './evaluateEntities';
import { evaluateFillMask } from './evaluateFillMask';
import { evaluateSentiment } from './evaluateSentiment';
import type { Evaluation } from './evaluation';
import { toEvaluationJson } from './evaluationJson';
import { toEvaluationText } from './evaluationText';
import { readEntities } from './readEntities';
import { readSentiments, toLabelIndex } from './readSentiments';
import { readTexts } from './readTexts';

export const evaluationTasks = ['entities', 'sentiment', 'fill-mask'] as const;
export type EvaluationTask = (typeof evaluationTasks)[number];

export interface EvaluateOptions {
  readonly task: EvaluationTask;
  readonly format: 'text' | 'json';
  /** Of texts that name none. */
  readonly language?: string;
  /** Entities: least score. */
  /** Absent: what the model recommends. */
  readonly threshold?: number;
  readonly aggregation: Aggregation;
  /** Fill-mask: words in each language. */
  readonly sample: number;
  readonly seed: number;
  /** A reference, as in the settings. */
  readonly model?: string;
  /** Folder of the catalogue. */
  readonly models?: string;
  readonly threads: number;
}

/** Measures the model on annotated files, all of them together; on none unless all can be read. */
export const runEvaluate = async (
  paths: readonly string[],
  options: EvaluateOptions,
  session: Session,
): Promise<number> => {
  const { output, progress } = session;
  const files = await readFiles(paths, readerOf(options), session);
  if (!files) return exitCodes.failed;
  progress.show('Loading the model …');
  const engine = await session.startEngine(options.threads, options.model, options.models);
  try {
    const evaluation = await evaluate(files, engine, options, session);
    if (!evaluation) return exitCodes.failed;
    const { model, device } = engine;
    const about = { model, device, files: paths, options };
    progress.clear();
    await output.write(
      options.format === 'json'
        ? toEvaluationJson(evaluation, about)
        : toEvaluationText(evaluation, about, session.colors),
    );
    await output.flush();
    return exitCodes.ok;
  } finally {
    await engine.dispose();
  }
};

/** The texts of a file, of the kind that the task needs. */
type Texts =
  | { readonly task: 'entities'; readonly texts: ReturnType<typeof readEntities> }
  | { readonly task: 'sentiment'; readonly texts: ReturnType<typeof readSentiments> }
  | { readonly task: 'fill-mask'; readonly texts: ReturnType<typeof readTexts> };

type FileTexts = Texts & { readonly path: string };

const readerOf =
  ({ task, language }: EvaluateOptions) =>
  (text: string, path: string): FileTexts => {
    switch (task) {
      case 'entities':
        return { task, path, texts: readEntities(text, path, language) };
      case 'sentiment':
        return { task, path, texts: readSentiments(text, path, language) };
      case 'fill-mask':
        return { task, path, texts: readTexts(text, path, language) };
    }
  };

/** @returns undefined where one of the files cannot be read; the user has been told. */
const readFiles = async (
  paths: readonly string[],
  read: (text: string, path: string) => FileTexts,
  session: Session,
): Promise<readonly FileTexts[] | undefined> => {
  const files: FileTexts[] = [];
  let failed = false;
  for (const path of paths) {
    const decoded =
      path === STANDARD_INPUT ? await readStandardInput(session) : await readTextFile(path, session.signal);
    session.signal.throwIfAborted();
    const problem = 'problem' in decoded ? decoded.problem : tell(() => files.push(read(decoded.text, path)));
    if (problem === undefined) continue;
    failed = true;
    session.complain(`${toName(path)}: ${problem}`);
  }
  if (!failed && files.every(({ texts }) => texts.length === 0)) {
    failed = true;
    session.complain('there is nothing to measure: the files are empty');
  }
  return failed ? undefined : files;
};

/** @returns what is wrong with the annotations, if anything. */
const tell = (action: () => void): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof AnnotationError) return error.message;
    throw error;
  }
};

/** @returns undefined where the annotations do not fit the model; the user has been told. */
const evaluate = async (
  files: readonly FileTexts[],
  engine: RunningEngine,
  options: EvaluateOptions,
  session: Session,
): Promise<Evaluation | undefined> => {
  const { model } = engine;
  const { progress, signal } = session;
  switch (options.task) {
    case 'entities': {
      if (model.tokenLabels.length === 0) throw new EngineError('The model finds no entities.');
      const texts = files.flatMap((file) => (file.task === 'entities' ? file.texts : []));
      const found = await analyze(texts, engine, options, session);
      const mentions = found.map((analysis, i) =>
        analysis.mentions.filter(
          ({ type, score }) =>
            score >= (options.threshold ?? leastScoreOf(type, model.leastScores, toCode(texts[i]?.language))),
        ),
      );
      return { task: options.task, scores: evaluateEntities(texts, mentions, toTypes(model.tokenLabels)) };
    }
    case 'sentiment': {
      if (model.sentimentLabels.length === 0) throw new EngineError('The model finds no sentiment.');
      const labelled = toLabelled(files, model.sentimentLabels, session);
      if (!labelled) return undefined;
      const found = await analyze(labelled, engine, options, session);
      const judged = labelled.map((text, i) => ({ ...text, probabilities: found[i]?.sentiment ?? [] }));
      return { task: options.task, scores: evaluateSentiment(judged, model.sentimentLabels) };
    }
    case 'fill-mask': {
      const texts = files.flatMap((file) => (file.task === 'fill-mask' ? file.texts : []));
      const scores = await evaluateFillMask(texts, engine, {
        sample: options.sample,
        seed: options.seed,
        signal,
        onProgress: (done, total) =>
          progress.show(`${done.toLocaleString('en')} of at most ${count(total, 'word')}`),
      });
      return { task: options.task, scores };
    }
  }
};

const toCode = (language: string | undefined): string | undefined =>
  language === undefined ? undefined : toLanguageCode(language);

/** One result a text; each is one sentence to the model, however long it is. */
const analyze = async (
  texts: readonly { readonly text: string }[],
  engine: RunningEngine,
  { aggregation }: EvaluateOptions,
  { progress, signal }: Session,
): Promise<readonly SentenceAnalysis[]> => {
  const results = await analyzeDistinct(
    texts.map(({ text }) => text),
    engine,
    aggregation,
    signal,
    (done, total) => progress.show(`${done.toLocaleString('en')} of ${count(total, 'text')}`),
  );
  return texts.map(({ text }) => results.get(text) ?? { mentions: [], sentiment: [] });
};

const toLabelled = (files: readonly FileTexts[], labels: readonly string[], session: Session) => {
  const texts: (ReturnType<typeof readSentiments>[number] & { readonly annotated: number })[] = [];
  let failed = false;
  for (const file of files) {
    if (file.task !== 'sentiment') continue;
    const problem = tell(() => {
      for (const text of file.texts) texts.push({ ...text, annotated: toLabelIndex(text, labels) });
    });
    if (problem === undefined) continue;
    failed = true;
    session.complain(`${toName(file.path)}: ${problem}`);
  }
  return failed ? undefined : texts;
};
