import { columnsOf, pad, type TerminalText, terminal, toLines, trimEnd } from '../core/surfaces/terminal';
import type { InspectTokensResult } from '../protocol/protocol';
import { tokenCsv } from '../protocol/tokenCsv';
import { type TokenTable, type TokenTableText, tokenMarkdown, tokenTables } from '../protocol/tokenTable';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION, toJsonDocument, toJsonModel } from './jsonFormat';
import type { OutputText } from './output';
import { readStandardInput } from './readInput';
import type { Session } from './session';

export const inspectFormats = ['text', 'json', 'csv', 'markdown'] as const;

export interface InspectOptions {
  readonly format: (typeof inspectFormats)[number];
  /** A reference, as in the settings. */
  readonly model?: string;
  readonly threads: number;
}

/** Tells what a model sees in a text. @param given absent: read it from standard input. */
export const runInspect = async (
  given: string | undefined,
  { format, model: ref, threads }: InspectOptions,
  session: Session,
): Promise<number> => {
  const { output, progress, signal } = session;
  const read = given === undefined ? await readStandardInput(session) : { text: given };
  if ('problem' in read) {
    session.complain(`standard input: ${read.problem}`);
    return exitCodes.failed;
  }
  const sentence = read.text.trimEnd();
  progress.show('Loading the model …');
  const engine = await session.startEngine(threads, ref);
  try {
    const { model } = engine;
    const { sentiment, ...inspection } = await engine.inspect(sentence, { signal });
    const labelled = sentiment.map((score, i) => ({ label: model.sentimentLabels[i] ?? '', score }));
    const result: InspectTokensResult = {
      sentence,
      models: [{ ...inspection, model: model.id, tasks: model.tasks, sentiment: labelled }],
    };
    progress.clear();
    const writers: Readonly<Record<InspectOptions['format'], () => OutputText>> = {
      text: () => terminal.join(tokenTables(result, english).map(toText), '\n'),
      json: () => {
        const json = { version: FORMAT_VERSION, model: toJsonModel(model), text: sentence };
        return toJsonDocument({ ...json, ...inspection, sentiment: labelled });
      },
      csv: () => tokenCsv(result),
      markdown: () => tokenMarkdown(result, english),
    };
    await output.write(writers[format]());
    await output.flush();
    return exitCodes.ok;
  } finally {
    await engine.dispose();
  }
};

const english: TokenTableText = {
  locale: 'en',
  title: 'Tokens',
  token: 'Token',
  id: 'Id',
  offsets: 'Offsets',
  text: 'Text',
  word: 'Word',
  label: 'Label',
  secondLabel: 'Second label',
  remark: 'Remark',
  special: 'added by the model',
  unknown: 'unknown to the model',
  modelTitle: ({ model }) => model,
  sentiment: (scores) => `Sentiment: ${scores}`,
  windowBegins: (number) => `window ${number} begins`,
  windowEnds: (number) => `window ${number} ends`,
};

const toText = ({ sentiment, header, isNumber, rows }: TokenTable): TerminalText => {
  const cells = [header, ...rows].map((row) => row.map(terminal.escape));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))));
  const lines = cells.map((row) =>
    row.map((cell, column) => pad(cell, widths[column] ?? 0, isNumber[column] ? 'left' : 'right')),
  );
  return toLines([
    ...lines.map((row) => trimEnd(terminal.join(row, '  '))),
    ...(sentiment === undefined ? [] : [terminal.escape(sentiment)]),
  ]);
};
