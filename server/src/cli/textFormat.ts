import type { Colors } from 'picocolors/types';
import { GAP } from '../core/text/prose';
import type { AnalyzedSentence, FoundEntity, FoundSentiment, Place } from './analyzeText';
import { toTerminal, truncate } from './terminalText';

export interface TextFormatOptions {
  readonly colors: Colors;
  /** Width of the terminal. */
  readonly columns: number;
  readonly entities: boolean;
  readonly sentiment: boolean;
  /** Sentences are shown as strongly negative or positive from this probability on. */
  readonly strong: number;
}

export interface FileReport {
  /** Fit for a terminal. */
  readonly name: string;
  /** The rule file that counts, fit for a terminal. */
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
const LEFT_TO_RIGHT_MARK = '\u200e';

const toPosition = ({ from }: Place): string => `${from.line + 1}:${from.character + 1}`;

const toPercent = (score: number): string => `${Math.round(score * 100)}%`.padStart(4);

/** `1 sentence`, `2 sentences`, `1,234 sentences` */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

export const toSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

export const toRate = (sentences: number, milliseconds: number): string =>
  `${Math.round((sentences * 1000) / Math.max(milliseconds, 1)).toLocaleString('en')} sentences/s`;

/** What people read of one file; lines end with a newline. */
export const toTextReport = (report: FileReport, options: TextFormatOptions): string => {
  const { bold, dim } = options.colors;
  const { sentences, milliseconds, ruleFile } = report;
  const rules = ruleFile === undefined ? '' : `, by ${ruleFile}`;
  const timing = `${count(sentences.length, 'sentence')}, ${toSeconds(milliseconds)}${rules}`;
  const lines = [`${bold(report.name)}  ${dim(timing)}`];
  if (options.entities) lines.push(...toEntityLines(sentences, options));
  if (options.sentiment) lines.push(...toSentimentLines(sentences, options));
  return `${lines.join('\n')}\n\n`;
};

type Mentions = readonly [FoundEntity, ...FoundEntity[]];

/** All mentions of one name under one type, in order. */
const groupMentions = (entities: readonly FoundEntity[]): readonly Mentions[] => {
  const groups = new Map<string, [FoundEntity, ...FoundEntity[]]>();
  for (const entity of entities) {
    const key = `${entity.type} ${toTerminal(entity.name)}`;
    const group = groups.get(key);
    if (group) group.push(entity);
    else groups.set(key, [entity]);
  }
  return [...groups.values()];
};

/** Not with spread arguments: a large file has more names than a call may have arguments. */
const longest = (texts: readonly string[]): number =>
  texts.reduce((columns, text) => Math.max(columns, text.length), 0);

const toEntityLines = (
  sentences: readonly AnalyzedSentence[],
  { colors }: TextFormatOptions,
): readonly string[] => {
  const entities = sentences.flatMap((sentence) => sentence.entities);
  if (entities.length === 0) return [`  ${colors.dim('No entities.')}`];
  const groups = groupMentions(entities);
  const positionColumns = longest(groups.map(([first]) => toPosition(first)));
  const typeColumns = longest(groups.map(([first]) => first.type));
  return groups.map(([first, ...others]) => {
    const places = others.slice(0, FURTHER_PLACES).map(toPosition);
    const rest = others.length > FURTHER_PLACES ? ' …' : '';
    const again = others.length > 0 ? `  ×${others.length + 1}  also ${places.join(', ')}${rest}` : '';
    const score = others.reduce((best, other) => Math.max(best, other.score), first.score);
    return (
      `  ${colors.dim(toPosition(first).padStart(positionColumns))}` +
      `  ${typeColor(first.type, colors)(first.type.padEnd(typeColumns))}` +
      `  ${colors.dim(toPercent(score))}` +
      `  ${toTerminal(first.name)}${again && LEFT_TO_RIGHT_MARK + colors.dim(again)}`
    );
  });
};

const typeColor = (type: string, colors: Colors): ((text: string) => string) =>
  ({ PER: colors.magenta, ORG: colors.blue, LOC: colors.green, MISC: colors.yellow })[type] ?? colors.cyan;

type Judged = AnalyzedSentence & { readonly sentiment: FoundSentiment };

const toSentimentLines = (
  sentences: readonly AnalyzedSentence[],
  { colors, columns, strong }: TextFormatOptions,
): readonly string[] => {
  const judged = sentences.filter((sentence): sentence is Judged => sentence.sentiment !== undefined);
  const [first] = judged;
  if (!first) return [];
  const labels = Object.keys(first.sentiment.scores);
  const counts = labels.map((label) => ({
    label,
    number: judged.filter(({ sentiment }) => sentiment.label === label).length,
  }));
  const balance = counts
    .map(({ label, number }) => `${number} ${labelColor(label, colors)(label)}`)
    .join(', ');
  const lines = [`  ${toBar(counts, judged.length, colors)}  ${balance}`];
  const strongest = ['negative', 'positive'].flatMap((label) =>
    judged
      .filter(
        ({ sentiment, isIgnored }) => !isIgnored && sentiment.label === label && sentiment.score >= strong,
      )
      .sort((a, b) => b.sentiment.score - a.sentiment.score)
      .slice(0, STRONG_SENTENCES),
  );
  const positionColumns = longest(strongest.map(toPosition));
  const labelColumns = longest(strongest.map(({ sentiment }) => sentiment.label));
  for (const sentence of strongest) {
    const { label, score } = sentence.sentiment;
    const position = toPosition(sentence).padStart(positionColumns);
    const name = label.padEnd(labelColumns);
    const percent = toPercent(score);
    const left = columns - `  ${position}  ${name}  ${percent}  `.length;
    const text = truncate(
      toTerminal(sentence.text.replaceAll(GAP, '…')),
      Math.max(left, MINIMUM_TEXT_COLUMNS),
    );
    lines.push(
      `  ${colors.dim(position)}  ${labelColor(label, colors)(name)}  ${colors.dim(percent)}  ${text}`,
    );
  }
  return lines;
};

const labelColor = (label: string, colors: Colors): ((text: string) => string) =>
  ({ negative: colors.red, positive: colors.green })[label] ?? ((text) => text);

/** Told apart by their shade where there is no colour. */
const shades = ['▓', '░', '█', '▒'];

const toBar = (
  counts: readonly { readonly label: string; readonly number: number }[],
  total: number,
  colors: Colors,
): string => {
  let before = 0;
  return counts
    .map(({ label, number }, i) => {
      const from = Math.round((before / total) * BAR_COLUMNS);
      before += number;
      const to = Math.round((before / total) * BAR_COLUMNS);
      return labelColor(label, colors)((shades[i % shades.length] ?? '▒').repeat(to - from));
    })
    .join('');
};
