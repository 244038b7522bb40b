import { type Markdown, markdown, markdownTable } from '../core/surfaces/markdown';
import type { InspectTokensResult, ModelInspection } from './protocol';

/** What a table says besides tokens, in the language of its reader. */
export interface TokenTableText {
  /** A BCP 47 tag, for the numbers. */
  readonly locale: string;
  readonly title: string;
  readonly token: string;
  readonly id: string;
  readonly offsets: string;
  readonly text: string;
  readonly word: string;
  readonly label: string;
  readonly secondLabel: string;
  readonly remark: string;
  readonly special: string;
  readonly unknown: string;
  modelTitle(model: ModelInspection): string;
  sentiment(scores: string): string;
  windowBegins(number: number): string;
  windowEnds(number: number): string;
}

/** What one model sees, in cells. */
export interface TokenTable {
  readonly title: string;
  /** Absent where the model does not judge it. */
  readonly sentiment?: string;
  readonly header: readonly string[];
  /** Which columns are numbers. */
  readonly isNumber: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

type Token = ModelInspection['tokens'][number];

/** What the models see in a sentence, a table a model. */
export const tokenTables = (
  { sentence, models }: InspectTokensResult,
  text: TokenTableText,
): readonly TokenTable[] => models.map((model) => toTable(model, sentence, text));

/** As {@link tokenTables}, as a Markdown document. */
export function tokenMarkdown(result: InspectTokensResult, text: TokenTableText): Markdown {
  const sections = tokenTables(result, text).map(({ title, sentiment, header, isNumber, rows }) =>
    markdown.join(
      [
        markdown.text`## ${markdown.escape(title)}\n`,
        ...(sentiment === undefined ? [] : [markdown.text`${markdown.escape(sentiment)}\n`]),
        markdownTable(
          header.map(markdown.escape),
          isNumber.map((one) => (one ? '---:' : '---')),
          rows.map((row) => row.map(markdown.escape)),
        ),
      ],
      '\n',
    ),
  );
  const head = [
    markdown.text`# ${markdown.escape(text.title)}\n`,
    markdown.text`> ${markdown.escape(result.sentence)}\n`,
  ];
  return markdown.join([...head, ...sections], '\n');
}

function toTable(inspection: ModelInspection, sentence: string, text: TokenTableText): TokenTable {
  const { tokens, windows, sentiment } = inspection;
  const percent = new Intl.NumberFormat(text.locale, { style: 'percent', maximumFractionDigits: 1 });
  const hasLabels = tokens.some(({ labels }) => labels.length > 0);
  const toLabel = ({ labels }: Token, rank: number): string => {
    const label = labels[rank];
    return label ? `${label.label} ${percent.format(label.score)}` : '';
  };
  const scores = sentiment.map(({ label, score }) => `${label} ${percent.format(score)}`).join(' · ');
  return {
    title: text.modelTitle(inspection),
    ...(scores !== '' && { sentiment: text.sentiment(scores) }),
    header: [
      ...['#', text.token, text.id, text.offsets, text.text, text.word],
      ...(hasLabels ? [text.label, text.secondLabel] : []),
      text.remark,
    ],
    isNumber: [true, false, true, true, false, true, ...(hasLabels ? [false, false] : []), false],
    rows: tokens.map((token, i) => [
      String(i),
      token.token,
      String(token.id),
      token.isSpecial ? '' : `${token.start}–${token.end}`,
      token.isSpecial ? '' : sentence.slice(token.start, token.end),
      token.word === null ? '' : String(token.word),
      ...(hasLabels ? [toLabel(token, 0), toLabel(token, 1)] : []),
      remarksOn(token, i, windows, text),
    ]),
  };
}

function remarksOn(
  { isSpecial, isUnknown }: Token,
  index: number,
  windows: ModelInspection['windows'],
  text: TokenTableText,
): string {
  const begun = windows.findIndex(({ start }, i) => i > 0 && start === index);
  const ended = windows.findIndex(({ end }, i) => i < windows.length - 1 && end - 1 === index);
  return [
    ...(isSpecial ? [text.special] : []),
    ...(isUnknown ? [text.unknown] : []),
    ...(begun >= 0 ? [text.windowBegins(begun + 1)] : []),
    ...(ended >= 0 ? [text.windowEnds(ended + 1)] : []),
  ].join(', ');
}
