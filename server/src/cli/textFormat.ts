import { columnsOf, pad, type TerminalText, terminal, toLines, truncate } from '../core/surfaces/terminal';
import { GAP } from '../core/text/prose';
import type { AnalyzedSentence, FoundEntity, FoundSentiment, Place } from './analyzeText';
import type { TerminalColors, TerminalFormatter } from './terminalColors';

export interface TextFormatOptions {
  readonly colors: TerminalColors;
  /** Width of the terminal. */
  readonly columns: number;
  readonly entities: boolean;
  readonly sentiment: boolean;
  /** Sentences are shown as strongly negative or positive from this probability on. */
  readonly strong: number;
}

export interface FileReport {
  readonly name: TerminalText;
  /** The rule file that counts. */
  readonly ruleFile?: string | undefined;
  readonly sentences: readonly AnalyzedSentence[];
  readonly milliseconds: number;
}

/** Further places of an entity that are named; the count says how many there are. */
const FURTHER_PLACES = 4;

/** Strong sentences shown of each kind. */
const STRONG_SENTENCES = 5;

const BAR_COLUMNS = 30;

/** Less of a sentence would say nothing; a narrower terminal wraps the line. */
const MINIMUM_TEXT_COLUMNS = 20;

/** Keeps what follows a right-to-left name in its place on terminals that reorder text. */
const leftToRightMark = terminal.text`\u200e`;

const toPosition = ({ from }: Place): TerminalText => terminal.text`${from.line + 1}:${from.character + 1}`;

const PERCENT_COLUMNS = 4;

const toPercent = (score: number): TerminalText =>
  pad(terminal.text`${Math.round(score * 100)}%`, PERCENT_COLUMNS, 'left');

/** `1 sentence`, `2 sentences`, `1,234 sentences` */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

export const toSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

export const toRate = (sentences: number, milliseconds: number): string =>
  `${Math.round((sentences * 1000) / Math.max(milliseconds, 1)).toLocaleString('en')} sentences/s`;

/** What people read of one file; lines end with a newline. */
export const toTextReport = (report: FileReport, options: TextFormatOptions): TerminalText => {
  const { bold, dim } = options.colors;
  const { sentences, milliseconds, ruleFile } = report;
  const rules = ruleFile === undefined ? '' : `, by ${ruleFile}`;
  const timing = terminal.escape(
    `${count(sentences.length, 'sentence')}, ${toSeconds(milliseconds)}${rules}`,
  );
  const lines = [terminal.text`${bold(report.name)}  ${dim(timing)}`];
  if (options.entities) lines.push(...toEntityLines(sentences, options));
  if (options.sentiment) lines.push(...toSentimentLines(sentences, options));
  return toLines([...lines, terminal.text``]);
};

type Mentions = readonly [FoundEntity, ...FoundEntity[]];

/** All mentions of one name under one type, in order. */
const groupMentions = (entities: readonly FoundEntity[]): readonly Mentions[] => {
  const groups = new Map<string, [FoundEntity, ...FoundEntity[]]>();
  for (const entity of entities) {
    const key = `${entity.type} ${terminal.escape(entity.name)}`;
    const group = groups.get(key);
    if (group) group.push(entity);
    else groups.set(key, [entity]);
  }
  return [...groups.values()];
};

/** Not with spread arguments: a large file has more names than a call may have arguments. */
const longest = (texts: readonly TerminalText[]): number =>
  texts.reduce((columns, text) => Math.max(columns, columnsOf(text)), 0);

const toEntityLines = (
  sentences: readonly AnalyzedSentence[],
  { colors }: TextFormatOptions,
): readonly TerminalText[] => {
  const entities = sentences.flatMap((sentence) => sentence.entities);
  if (entities.length === 0) return [terminal.text`  ${colors.dim(terminal.text`No entities.`)}`];
  const groups = groupMentions(entities);
  const positionColumns = longest(groups.map(([first]) => toPosition(first)));
  const typeColumns = longest(groups.map(([first]) => terminal.name(first.type)));
  return groups.map(([first, ...others]) => {
    const places = terminal.join(others.slice(0, FURTHER_PLACES).map(toPosition), ', ');
    const rest = others.length > FURTHER_PLACES ? terminal.text` …` : terminal.text``;
    const again =
      others.length > 0
        ? terminal.text`${leftToRightMark}${colors.dim(
            terminal.text`  ×${others.length + 1}  also ${places}${rest}`,
          )}`
        : terminal.text``;
    const score = others.reduce((best, other) => Math.max(best, other.score), first.score);
    const columns = [
      colors.dim(pad(toPosition(first), positionColumns, 'left')),
      typeColor(first.type, colors)(pad(terminal.name(first.type), typeColumns)),
      colors.dim(toPercent(score)),
      terminal.text`${terminal.escape(first.name)}${again}`,
    ];
    return terminal.text`  ${terminal.join(columns, '  ')}`;
  });
};

const typeColor = (type: string, colors: TerminalColors): TerminalFormatter => {
  switch (type) {
    case 'PER':
      return colors.magenta;
    case 'ORG':
      return colors.blue;
    case 'LOC':
      return colors.green;
    case 'MISC':
      return colors.yellow;
    default:
      return colors.cyan;
  }
};

type Judged = AnalyzedSentence & { readonly sentiment: FoundSentiment };

const toSentimentLines = (
  sentences: readonly AnalyzedSentence[],
  { colors, columns, strong }: TextFormatOptions,
): readonly TerminalText[] => {
  const judged = sentences.filter((sentence): sentence is Judged => sentence.sentiment !== undefined);
  const [first] = judged;
  if (!first) return [];
  const labels = Object.keys(first.sentiment.scores);
  const counts = labels.map((label) => ({
    label,
    number: judged.filter(({ sentiment }) => sentiment.label === label).length,
  }));
  const balance = terminal.join(
    counts.map(
      ({ label, number }) => terminal.text`${number} ${labelColor(label, colors)(terminal.name(label))}`,
    ),
    ', ',
  );
  const lines = [terminal.text`  ${toBar(counts, judged.length, colors)}  ${balance}`];
  const strongest = ['negative', 'positive'].flatMap((label) =>
    judged
      .filter(
        ({ sentiment, isIgnored }) => !isIgnored && sentiment.label === label && sentiment.score >= strong,
      )
      .sort((a, b) => b.sentiment.score - a.sentiment.score)
      .slice(0, STRONG_SENTENCES),
  );
  const positionColumns = longest(strongest.map(toPosition));
  const labelColumns = longest(strongest.map(({ sentiment }) => terminal.name(sentiment.label)));
  for (const sentence of strongest) {
    const { label, score } = sentence.sentiment;
    const position = pad(toPosition(sentence), positionColumns, 'left');
    const name = pad(terminal.name(label), labelColumns);
    const percent = toPercent(score);
    const left = columns - `  ${position}  ${name}  ${percent}  `.length;
    const text = truncate(
      terminal.escape(sentence.text.replaceAll(GAP, '…')),
      Math.max(left, MINIMUM_TEXT_COLUMNS),
    );
    const cells = [colors.dim(position), labelColor(label, colors)(name), colors.dim(percent), text];
    lines.push(terminal.text`  ${terminal.join(cells, '  ')}`);
  }
  return lines;
};

const labelColor = (label: string, colors: TerminalColors): TerminalFormatter => {
  switch (label) {
    case 'negative':
      return colors.red;
    case 'positive':
      return colors.green;
    default:
      return (text) => text;
  }
};

/** Told apart by their shade where there is no colour. */
const shades = ['▓', '░', '█', '▒'];

const toBar = (
  counts: readonly { readonly label: string; readonly number: number }[],
  total: number,
  colors: TerminalColors,
): TerminalText => {
  let before = 0;
  const parts = counts.map(({ label, number }, i) => {
    const from = Math.round((before / total) * BAR_COLUMNS);
    before += number;
    const to = Math.round((before / total) * BAR_COLUMNS);
    const shade = shades[i % shades.length] ?? '▒';
    return labelColor(label, colors)(terminal.escape(shade.repeat(to - from)));
  });
  return terminal.join(parts, '');
};
