import { findIgnoredText } from '../core/ignore/ignoreComments';
import { SentenceLanguages } from '../core/language/sentenceLanguages';
import { loadGuessByWords } from '../core/language/wordGuess';
import type { ModelDescription } from '../core/model';
import { EngineError } from '../core/ports';
import { type TerminalText, terminal } from '../core/surfaces/terminal';
import type { Aggregation } from '../core/tasks/aggregation';
import { defaultSettings } from '../settings/settings';
import { type AnalysisOptions, analyzeText } from './analyzeText';
import type { RunningEngine } from './engine';
import { exitCodes } from './exitCodes';
import { type FileRules, RuleFiles } from './fileRules';
import { languageOf } from './languageOf';
import { readStandardInput, readTextFile } from './readInput';
import { createReportWriter, type Format } from './reportWriter';
import type { Session } from './session';
import { count } from './textFormat';

export const tasks = ['entities', 'sentiment'] as const;
export type Task = (typeof tasks)[number];

export interface AnalyzeOptions {
  /** Else what the model can do of them. */
  readonly tasks?: readonly Task[];
  readonly format: Format;
  /** Absent: what the model recommends. */
  readonly threshold?: number;
  readonly aggregation: Aggregation;
  /** Else by the name of each file. */
  readonly language?: string;
  /** The path of a rule file; false for what the model says; else the nearest rule file of each file. */
  readonly rules?: string | false;
  /** Text format: sentences are strongly negative or positive from this probability on. */
  readonly strong: number;
  /** A reference, as in the settings. */
  readonly model?: string;
  readonly threads: number;
}

export const STANDARD_INPUT = '-';

/** A path for people. */
export const toName = (path: string): TerminalText =>
  path === STANDARD_INPUT ? terminal.text`standard input` : terminal.name(path);

/** Analyses files one after the other, and writes the results of each as soon as it is done. */
export const runAnalyze = async (
  paths: readonly string[],
  options: AnalyzeOptions,
  session: Session,
): Promise<number> => {
  const { output, progress } = session;
  const files = await findRules(paths, options);
  progress.show('Loading the model …');
  const engine = await session.startEngine(options.threads, options.model);
  try {
    const asked = checkTasks(options, engine.model);
    const writer = createReportWriter(options.format, output, {
      ...asked,
      colors: session.colors,
      columns: session.columns,
      strong: options.strong,
    });
    await writer.begin(engine.model);
    const mentionSource = await toMentionSource(engine.model);
    const totals = { files: 0, sentences: 0, milliseconds: 0 };
    let failures = 0;
    for (const { path, languageId, rules } of files) {
      const name = toName(path);
      const result = await analyzeFile(path, engine, session, {
        ...asked,
        languageId,
        rules,
        aggregation: options.aggregation,
        sentimentLabels: engine.model.sentimentLabels,
        mentionSource,
      });
      progress.clear();
      if ('problem' in result) {
        failures++;
        session.complain(`${name}: ${result.problem}`);
        await writer.failure(path, result.problem);
      } else if ('ignoredBy' in result) {
        await writer.ignored({ path, name, by: result.ignoredBy });
      } else {
        totals.files++;
        totals.sentences += result.sentences.length;
        totals.milliseconds += result.milliseconds;
        await writer.file({ path, name, languageId, ruleFile: rules.ruleFile, ...result });
      }
    }
    await writer.end({ ...totals, model: engine.model, device: engine.device });
    await output.flush();
    return failures > 0 ? exitCodes.failed : exitCodes.ok;
  } finally {
    await engine.dispose();
  }
};

/** Languages are recognised only where they decide something. */
const toMentionSource = async ({
  leastScores,
}: ModelDescription): Promise<AnalysisOptions['mentionSource']> => {
  if (Object.keys(leastScores?.languages ?? {}).length === 0)
    return () => ({ leastScores, language: undefined });
  const languages = new SentenceLanguages(await loadGuessByWords());
  return (sentence, block) => ({ leastScores, language: languages.of(sentence, block) });
};

/** @throws EngineError where a rule file is wrong, before anything is analysed. */
const findRules = async (paths: readonly string[], { language, rules, threshold }: AnalyzeOptions) => {
  const settings = { ...defaultSettings, 'entities.threshold': threshold ?? null };
  const ruleFiles = new RuleFiles(rules, settings, process.cwd());
  const files: { readonly path: string; readonly languageId: string; readonly rules: FileRules }[] = [];
  for (const path of paths) {
    const languageId = language ?? languageOf(path);
    files.push({ path, languageId, rules: await ruleFiles.of(path, languageId) });
  }
  return files;
};

/** @throws EngineError where the model cannot do what is asked for, or nothing at all. */
const checkTasks = (
  { tasks: asked, format }: AnalyzeOptions,
  { id, tasks: possible }: ModelDescription,
): Readonly<Record<Task, boolean>> => {
  const needed = format === 'conll' ? ['entities' as const] : (asked ?? []);
  const wanted = new Set(asked ?? tasks.filter((task) => possible.includes(task)));
  const impossible = [...needed, ...wanted].find((task) => !possible.includes(task));
  if (impossible !== undefined || wanted.size === 0) {
    throw new EngineError(`The model ${id} does not do this: ${impossible ?? tasks.join(', ')}.`);
  }
  return { entities: wanted.has('entities'), sentiment: wanted.has('sentiment') };
};

const analyzeFile = async (
  path: string,
  engine: RunningEngine,
  session: Session,
  options: Omit<AnalysisOptions, 'ignored'> & { readonly rules: FileRules },
) => {
  const { progress, signal } = session;
  const { ignoresFile, ruleFile, readsComments } = options.rules;
  if (ignoresFile && ruleFile !== undefined) return { ignoredBy: ruleFile };
  const name = toName(path);
  progress.show(`${name} …`);
  const decoded =
    path === STANDARD_INPUT ? await readStandardInput(session) : await readTextFile(path, signal);
  if ('problem' in decoded) return decoded;
  signal.throwIfAborted();
  const comments = findIgnoredText(readsComments ? decoded.text : '');
  if (comments.wholeFile) return { ignoredBy: 'a comment in it' };
  const started = performance.now();
  try {
    const sentences = await analyzeText(
      decoded.text,
      engine,
      { ...options, ignored: comments.spans },
      signal,
      (done, total) => progress.show(`${name} … ${done.toLocaleString('en')} of ${count(total, 'sentence')}`),
    );
    return { source: decoded.text, sentences, milliseconds: performance.now() - started };
  } catch (error) {
    if (error instanceof EngineError) return { problem: error.message };
    throw error;
  }
};
