import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { version } from '../../../package.json';
import { precisions } from '../core/model';
import { type Aggregation, aggregations } from '../core/tasks/aggregation';
import { proseFormat } from '../core/text/proseLanguages';
import { defaultSettings } from '../settings/settings';
import { type AnalyzeOptions, STANDARD_INPUT, type Task, tasks } from './analyzeCommand';
import type { DevicesOptions } from './devicesCommand';
import { type EvaluateOptions, evaluationTasks } from './evaluate/evaluateCommand';
import type { FillOptions } from './fillCommand';
import { type InspectOptions, inspectFormats } from './inspectCommand';
import type { DownloadModelOptions, ListModelsOptions } from './modelsCommand';
import { type Format, formats } from './reportWriter';

/** What the user asked for. */
export interface Commands {
  analyze(paths: readonly string[], options: AnalyzeOptions): Promise<void>;
  /** @param text absent: standard input. */
  fill(text: string | undefined, options: FillOptions): Promise<void>;
  /** @param text absent: standard input. */
  inspect(text: string | undefined, options: InspectOptions): Promise<void>;
  evaluate(paths: readonly string[], options: EvaluateOptions): Promise<void>;
  listModels(options: ListModelsOptions): Promise<void>;
  downloadModel(ref: string, options: DownloadModelOptions): Promise<void>;
  removeModel(ref: string): Promise<void>;
  devices(options: DevicesOptions): Promise<void>;
}

const DEFAULT_CANDIDATES = 5;
const MOST_CANDIDATES = 1000;
const MOST_THREADS = 64;
const DEFAULT_SAMPLE = 500;
const MOST_SAMPLED = 1_000_000;
const DEFAULT_SEED = 1;
const MOST_SEED = 2 ** 31 - 1;

const analyzeExamples = `
Examples:
  subtext analyze report.md notes.txt
  subtext analyze --format json *.md > entities.json
  subtext analyze --format conll --threshold 0.8 corpus.txt > corpus.conll
  pandoc thesis.docx --to plain | subtext analyze --tasks entities

Languages come from the endings of file names (of code, comments are read); what is not known is plain text.
Exit status: 0 all went well, 1 a file could not be analyzed, 2 wrong usage, 130 interrupted.
The formats are described in docs/cli.md.`;

const fillExamples = `
Examples:
  subtext fill "Paris is the capital of [MASK]."
  subtext fill --top 10 --format json "东京是<mask>本的首都。"
  subtext fill --targets France,Italy "Paris is the capital of [MASK]."
  subtext fill --together "[MASK] is the capital of [MASK]."`;

const evaluateExamples = `
Examples:
  subtext evaluate --task entities --language de test.conll
  subtext evaluate --task entities --threshold 0 --format json *.jsonl > scores.json
  subtext evaluate --task sentiment reviews.tsv
  subtext evaluate --task fill-mask --sample 1000 --seed 7 articles.txt

Entities: CoNLL columns (token first, tag last) or JSON lines {tokens, tags, lang, source}.
Sentiment: lines of label, tab and text, or JSON lines {label, text, lang}.
Fill-mask: a text a line, or JSON lines {text, lang}.
What is measured, and how, is described in docs/cli.md.`;

const modelsExamples = `
Examples:
  subtext models list
  subtext models download Xenova/bert-base-NER
  subtext analyze --model Xenova/bert-base-NER report.md

Where models lie, and which ones can be used, is described in docs/models.md.`;

/** The command line: its options, their checks, its help. Nothing is done before all of it is valid. */
export const createProgram = (commands: Commands): Command => {
  const program = new Command('subtext')
    .description('Named entities, sentiment and fill-mask suggestions, computed on this machine.')
    .version(version)
    .showHelpAfterError('Try --help.');

  program
    .command('analyze')
    .description('Find named entities and judge the sentiment of sentences.')
    .argument('[files...]', `text and Markdown files; "${STANDARD_INPUT}" or none: standard input`)
    .addOption(
      new Option(
        '--tasks <list>',
        `what to look for: ${tasks.join(', ')}; default: all that the model can do`,
      ).argParser(parseTasks),
    )
    .addOption(new Option('--format <name>', 'how to write it').choices(formats).default('text'))
    .addOption(
      new Option(
        '--threshold <score>',
        'least confidence of an entity, 0 to 1; default: what the model recommends for language and type',
      ).argParser(parseProbability),
    )
    .addOption(
      new Option('--aggregation <name>', 'how word pieces are joined to entities')
        .choices(aggregations)
        .default(defaultSettings['entities.aggregation']),
    )
    .addOption(new Option('--language <id>', 'read every file as this').argParser(toLanguageId))
    .addOption(new Option('--rules <file>', 'rule file; default: the nearest .subtext.json'))
    .addOption(new Option('--no-rules', 'what the model says: no rule file, and no comments that ignore'))
    .addOption(modelOption())
    .addOption(threadsOption())
    .addHelpText('after', analyzeExamples)
    .action((paths: string[], options: ParsedAnalyzeOptions, command: Command) => {
      if (options.format === 'conll' && options.tasks && !options.tasks.includes('entities')) {
        command.error("error: --format conll needs the task 'entities'");
      }
      if (options.format === 'conll' && options.aggregation === 'none') {
        command.error('error: --format conll needs whole entities, and --aggregation none gives pieces');
      }
      checkStandardInput(paths, command);
      const strong = defaultSettings['sentiment.threshold'];
      return commands.analyze(paths.length > 0 ? paths : [STANDARD_INPUT], { ...options, strong });
    });

  program
    .command('fill')
    .description('Suggest words for [MASK] (or <mask>) in a text.')
    .addArgument(new Argument('[text]', `the text; "${STANDARD_INPUT}" or none: standard input`))
    .addOption(
      new Option('--top <count>', 'how many words')
        .argParser(parseInteger(1, MOST_CANDIDATES))
        .default(DEFAULT_CANDIDATES),
    )
    .addOption(new Option('--targets <words>', 'only these words, divided by commas').argParser(parseList))
    .addOption(
      new Option(
        '--together',
        'fill all masks with words that fit each other, of any number of pieces',
      ).default(false),
    )
    .addOption(new Option('--format <name>', 'how to write it').choices(['text', 'json']).default('text'))
    .addOption(modelOption())
    .addOption(threadsOption())
    .addHelpText('after', fillExamples)
    .action((text: string | undefined, options: FillOptions) =>
      commands.fill(text === STANDARD_INPUT ? undefined : text, options),
    );

  program
    .command('inspect')
    .description('Show what the model sees in a sentence: word pieces, ids, offsets, labels.')
    .addArgument(new Argument('[text]', `the sentence; "${STANDARD_INPUT}" or none: standard input`))
    .addOption(new Option('--format <name>', 'how to write it').choices(inspectFormats).default('text'))
    .addOption(modelOption())
    .addOption(threadsOption())
    .action((text: string | undefined, options: InspectOptions) =>
      commands.inspect(text === STANDARD_INPUT ? undefined : text, options),
    );

  program
    .command('evaluate')
    .description('Measure the model on texts that you have annotated.')
    .argument('[files...]', `annotated texts; "${STANDARD_INPUT}" or none: standard input`)
    .addOption(new Option('--task <name>', 'what to measure').choices(evaluationTasks).makeOptionMandatory())
    .addOption(new Option('--format <name>', 'how to write it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--language <tag>', 'language of the texts that name none, for instance de'))
    .addOption(
      new Option(
        '--threshold <score>',
        'entities: least confidence, 0 to 1; default: what the model recommends for language and type',
      ).argParser(parseProbability),
    )
    .addOption(
      new Option('--aggregation <name>', 'entities: how word pieces are joined')
        .choices(aggregations.filter((name) => name !== 'none'))
        .default(defaultSettings['entities.aggregation']),
    )
    .addOption(
      new Option('--sample <count>', 'fill-mask: how many words to mask in each language')
        .argParser(parseInteger(1, MOST_SAMPLED))
        .default(DEFAULT_SAMPLE),
    )
    .addOption(
      new Option('--seed <number>', 'fill-mask: chooses the words')
        .argParser(parseInteger(0, MOST_SEED))
        .default(DEFAULT_SEED),
    )
    .addOption(modelOption())
    .addOption(new Option('--models <folder>', 'where the catalogue (catalog.json) and its models are'))
    .addOption(threadsOption())
    .addHelpText('after', evaluateExamples)
    .action((paths: string[], options: EvaluateOptions, command: Command) => {
      checkStandardInput(paths, command);
      return commands.evaluate(paths.length > 0 ? paths : [STANDARD_INPUT], options);
    });

  const models = program.command('models').description('List, download and remove models.');
  models
    .command('list')
    .description('What can be used: the bundled model, the catalogue, and the Hugging Face cache.')
    .addOption(new Option('--format <name>', 'how to write it').choices(['text', 'json']).default('text'))
    .action((options: ListModelsOptions) => commands.listModels(options));
  models
    .command('download')
    .description('Download a model from the Hugging Face Hub into its cache.')
    .argument('<model>', 'owner/name or owner/name@revision')
    .addOption(
      new Option('--precision <name>', 'of the graph; default: what suits a processor best').choices(
        precisions,
      ),
    )
    .addOption(new Option('--yes', 'agree to the size, the licence and the source').default(false))
    .addHelpText('after', modelsExamples)
    .action((ref: string, options: DownloadModelOptions) => commands.downloadModel(ref, options));
  models
    .command('remove')
    .description('Remove a downloaded model from the Hugging Face cache.')
    .argument('<model>', 'owner/name or owner/name@revision')
    .action((ref: string) => commands.removeModel(ref));

  program
    .command('devices')
    .description('Measure the processor and graphics devices of this machine with a model.')
    .addOption(modelOption())
    .addOption(new Option('--format <name>', 'how to write it').choices(['text', 'json']).default('text'))
    .action((options: DevicesOptions) => commands.devices(options));

  return program;
};

const checkStandardInput = (paths: readonly string[], command: Command): void => {
  if (paths.filter((path) => path === STANDARD_INPUT).length > 1) {
    command.error('error: standard input can be read only once');
  }
};

interface ParsedAnalyzeOptions {
  readonly tasks?: readonly Task[];
  readonly format: Format;
  readonly threshold?: number;
  readonly aggregation: Aggregation;
  readonly language?: string;
  readonly rules?: string | false;
  readonly model?: string;
  readonly threads: number;
}

const toLanguageId = (id: string): string => {
  if (proseFormat(id) === undefined)
    throw new InvalidArgumentError('It is no language that is known, such as markdown, latex or python.');
  return id;
};

const modelOption = (): Option =>
  new Option('--model <model>', 'owner/name of an installed model, or a folder; default: the bundled one');

const threadsOption = (): Option =>
  new Option('--threads <count>', 'threads for inference; 0 chooses by the processors, at most 4')
    .argParser(parseInteger(0, MOST_THREADS))
    .default(0);

const parseList = (value: string): readonly string[] => {
  const items = [...new Set(value.split(',').map((item) => item.trim()))].filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('It is empty.');
  return items;
};

const parseTasks = (value: string): readonly Task[] => {
  const known: readonly string[] = tasks;
  const items = parseList(value);
  const unknown = items.find((item) => !known.includes(item));
  if (unknown !== undefined) throw new InvalidArgumentError(`Allowed are ${tasks.join(', ')}.`);
  return tasks.filter((task) => items.includes(task));
};

const parseProbability = (value: string): number => {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('It must be a number from 0 to 1.');
  return number;
};

const parseInteger =
  (minimum: number, maximum: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
      throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
    }
    return number;
  };
