import type { Scores, Tally } from '../../core/evaluation/scores';
import { type TerminalText, terminal, toLines } from '../../core/surfaces/terminal';
import type { TerminalColors } from '../terminalColors';
import { count } from '../textFormat';
import type { EntityEvaluation, EntityGroup, TypeCount } from './evaluateEntities';
import type { FillMaskEvaluation, FillMaskScores } from './evaluateFillMask';
import type { SentimentEvaluation, SentimentGroup } from './evaluateSentiment';
import type { Evaluation, EvaluationSetup } from './evaluation';
import { type Cell, toPercent, toTable } from './textTable';

/** What people read; shares are percent. */
export const toEvaluationText = (
  evaluation: Evaluation,
  setup: EvaluationSetup,
  colors: TerminalColors,
): TerminalText => {
  const { model, device, files, options } = setup;
  const about = [`${model.id} ${model.revision} on ${device}`, count(files.length, 'file')];
  if (evaluation.task === 'entities')
    about.push(
      options.threshold === undefined ? 'thresholds of the model' : `threshold ${options.threshold}`,
      `aggregation ${options.aggregation}`,
    );
  if (evaluation.task === 'fill-mask') about.push(`sample ${options.sample}`, `seed ${options.seed}`);
  const [task, details] = [terminal.escape(evaluation.task), terminal.escape(about.join(', '))];
  return toLines([terminal.text`${colors.bold(task)}  ${colors.dim(details)}`, ...toScoreLines(evaluation)]);
};

const toScoreLines = ({ task, scores }: Evaluation): readonly TerminalText[] => {
  switch (task) {
    case 'entities':
      return toEntityLines(scores);
    case 'sentiment':
      return toSentimentLines(scores);
    case 'fill-mask':
      return toFillMaskLines(scores);
  }
};

const emptyLine = terminal.text``;

const scoreHead = ['precision', 'recall', 'F1'];

const scoreCells = ({ precision, recall, f1 }: Scores): readonly string[] =>
  [precision, recall, f1].map(toPercent);

const entityHead = ['annotated', 'found', 'right', ...scoreHead];

const entityCells = (group: Tally & Scores): readonly Cell[] => [
  group.annotated,
  group.found,
  group.right,
  ...scoreCells(group),
];

const toEntityLines = (scores: EntityEvaluation): readonly TerminalText[] => {
  const row = (group: EntityGroup): readonly Cell[] => [
    terminal.name(group.name),
    group.sentences,
    ...entityCells(group),
  ];
  const typeRow = (group: EntityGroup): readonly Cell[] => [terminal.name(group.name), ...entityCells(group)];
  const { errors, leftOut } = scores;
  return [
    emptyLine,
    ...toTable(
      ['language', 'sentences', ...entityHead],
      [
        ...scores.languages.map(row),
        ['all (micro)', scores.sentences, ...entityCells(scores.micro)],
        ['mean (macro)', '', '', '', '', ...scoreCells(scores.macroLanguages)],
      ],
    ),
    emptyLine,
    ...toTable(
      ['type', ...entityHead],
      [...scores.types.map(typeRow), ['mean (macro)', '', '', '', ...scoreCells(scores.macroTypes)]],
    ),
    emptyLine,
    ...toTable(
      ['errors', ''],
      [
        ['right span, wrong type', errors.type],
        ['overlapping span, right type', errors.boundary],
        ['overlapping span, wrong type', errors.both],
        ['missed', errors.missed],
        ['spurious', errors.spurious],
      ],
    ),
    ...scores.confusedTypes.flatMap(({ annotated, found, count: number }, i) => [
      ...(i === 0 ? [emptyLine, terminal.text`  right span, wrong type: annotated as, found as`] : []),
      terminal.text`    ${terminal.name(annotated)} → ${terminal.name(found)}  ${terminal.escape(number.toLocaleString('en'))}`,
    ]),
    ...toLeftOut('annotated, but the model does not know the type', leftOut.unknown),
    ...toLeftOut('found over one of those', leftOut.overUnknown),
    ...toLeftOut('found, but of a type that its source does not annotate', leftOut.notAnnotated),
  ];
};

const toLeftOut = (what: string, counts: readonly TypeCount[]): readonly TerminalText[] =>
  counts.length === 0
    ? []
    : [
        emptyLine,
        terminal.text`  left out: ${terminal.escape(what)}`,
        terminal.text`    ${terminal.join(counts.map(toCount), ', ')}`,
      ];

const toCount = ({ type, count: n }: TypeCount): TerminalText => terminal.text`${terminal.name(type)} ${n}`;

const toSentimentLines = (scores: SentimentEvaluation): readonly TerminalText[] => {
  const cells = (group: Omit<SentimentGroup, 'name'>): readonly Cell[] => [
    group.texts,
    ...[group.accuracy, group.macro.f1, group.calibrationError].map(toPercent),
  ];
  const { macroLanguages, classes } = scores;
  return [
    emptyLine,
    ...toTable(
      ['language', 'texts', 'accuracy', 'macro-F1', 'calibration error'],
      [
        ...scores.languages.map((group) => [terminal.name(group.name), ...cells(group)]),
        ['all', ...cells(scores)],
        ['mean', '', toPercent(macroLanguages.accuracy), toPercent(macroLanguages.f1)],
      ],
    ),
    emptyLine,
    ...toTable(
      ['class', ...entityHead],
      classes.map((one) => [one.label, ...entityCells(one)]),
    ),
    emptyLine,
    ...toTable(
      ['annotated as / found as', ...classes.map(({ label }) => label)],
      scores.confusion.map((row, i) => [classes[i]?.label ?? '', ...row]),
    ),
  ];
};

/** Decimal places of logarithms, and of perplexities. */
const LOGARITHM_DIGITS = 2;

const toFillMaskLines = (scores: FillMaskEvaluation): readonly TerminalText[] => {
  const cells = (group: FillMaskScores): readonly Cell[] =>
    group.words === 0
      ? [0, group.drawn, '–', '–', '–', '–']
      : [
          group.words,
          group.drawn,
          toPercent(group.top1),
          toPercent(group.top5),
          group.meanLogLikelihood.toFixed(LOGARITHM_DIGITS),
          group.pseudoPerplexity.toFixed(LOGARITHM_DIGITS),
        ];
  const { macroLanguages } = scores;
  return [
    emptyLine,
    ...toTable(
      ['language', 'masked', 'drawn', 'top 1', 'top 5', 'log-likelihood', 'pseudo-perplexity'],
      [
        ...scores.languages.map((group) => [terminal.name(group.name), ...cells(group)]),
        ['all', ...cells(scores)],
        [
          'mean',
          '',
          '',
          toPercent(macroLanguages.top1),
          toPercent(macroLanguages.top5),
          macroLanguages.meanLogLikelihood.toFixed(LOGARITHM_DIGITS),
        ],
      ],
    ),
    emptyLine,
    terminal.text`  One word masked at a time; only words that are one piece to the model, the more frequent ones.`,
  ];
};
