import { createInterface } from 'node:readline/promises';
import type { ModelTask, Precision } from '../core/model';
import { pad, type TerminalText, terminal, toLines } from '../core/surfaces/terminal';
import { parseModelRef } from '../models/modelRef';
import type { DownloadPlan, ModelInfo } from '../protocol/models';
import { toTable } from './evaluate/textTable';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION, toJsonDocument } from './jsonFormat';
import type { Session } from './session';

export interface ListModelsOptions {
  readonly format: 'text' | 'json';
}

export interface DownloadModelOptions {
  /** The user has agreed beforehand. */
  readonly yes: boolean;
  readonly precision?: Precision;
}

const BYTES_PER_MEGABYTE = 1e6;
/** As many digits of a commit as are usually shown. */
const COMMIT_DIGITS = 12;
/** Room for what the lines of a summary begin with. */
const KEY_COLUMNS = 9;

/** Lists what can be used. No network. */
export const runListModels = async (
  { format }: ListModelsOptions,
  { openStore, output, complain }: Session,
): Promise<number> => {
  const models = openStore().list();
  await output.write(
    format === 'json'
      ? toJsonDocument({ version: FORMAT_VERSION, models })
      : toLines(toTable(columns, models.map(toRow), (column) => columns[column] !== 'MB')),
  );
  await output.flush();
  for (const { ref, problem } of models) {
    if (problem !== undefined) complain(`${ref}: ${problem}`);
  }
  return exitCodes.ok;
};

/** Asks the Hub what a download would bring, asks the user, and downloads. */
export const runDownloadModel = async (
  text: string,
  { yes, precision }: DownloadModelOptions,
  session: Session,
): Promise<number> => {
  const { openStore, output, progress, signal } = session;
  const store = openStore();
  const ref = parseModelRef(text);
  progress.show('Asking the Hub …');
  const plan = await store.plan(ref, signal, precision);
  progress.clear();
  await output.write(toSummary(plan));
  await output.flush();
  if (plan.missingBytes > 0 && !yes && !(await agrees(session))) return exitCodes.usage;
  const info = await store.download(ref, plan.commit, {
    signal,
    precision,
    onProgress: ({ receivedBytes, totalBytes }) =>
      progress.show(`${toMegabytes(receivedBytes)} of ${toMegabytes(totalBytes)} MB`),
  });
  progress.clear();
  const where = terminal.escape(info.path ?? plan.folder);
  await output.write(terminal.text`${terminal.escape(info.ref)} is installed in ${where}\n`);
  await output.flush();
  return exitCodes.ok;
};

export const runRemoveModel = async (text: string, { openStore, output }: Session): Promise<number> => {
  const freedBytes = await openStore().remove(parseModelRef(text));
  const freed = terminal.escape(toMegabytes(freedBytes));
  await output.write(terminal.text`${terminal.escape(text)} is removed; ${freed} MB are free again\n`);
  await output.flush();
  return exitCodes.ok;
};

const taskNames: Readonly<Record<ModelTask, string>> = {
  entities: 'entities',
  sentiment: 'sentiment',
  fillMask: 'fill-mask',
};

const stateOf = ({ source, installed, problem }: ModelInfo): string => {
  if (problem !== undefined) return 'broken';
  return source === 'bundled' ? 'bundled' : installed ? 'installed' : 'to download';
};

const toTasks = ({ tasks }: ModelInfo): string => tasks.map((task) => taskNames[task]).join(', ');

const columns = ['model', 'state', 'tasks', 'MB', 'licence', 'score'];

const toRow = (info: ModelInfo): readonly string[] => [
  info.ref,
  stateOf(info),
  toTasks(info),
  info.bytes === undefined ? '' : toMegabytes(info.bytes),
  info.licence ?? '',
  info.score ?? '',
];

const toSummary = ({
  model,
  commit,
  host,
  folder,
  files,
  precision,
  precisions,
  missingBytes,
  bytes,
}: DownloadPlan): TerminalText => {
  const about = {
    source: `${host}, commit ${commit.slice(0, COMMIT_DIGITS)}`,
    licence: model.licence ?? 'not stated',
    files: `${files.length} in ${precision}, ${toMegabytes(bytes)} MB; ${toMegabytes(missingBytes)} MB to download`,
    folder,
    ...(precisions.length > 1 && { formats: precisions.map(toFormat).join(', ') }),
  };
  return toLines([
    terminal.escape(`${model.title} (${toTasks(model)})`),
    ...Object.entries(about).map(
      ([key, value]) => terminal.text`  ${pad(terminal.escape(key), KEY_COLUMNS)}${terminal.escape(value)}`,
    ),
  ]);
};

const toFormat = ({ precision, bytes }: DownloadPlan['precisions'][number]): string =>
  `${precision} ${toMegabytes(bytes)} MB`;

const toMegabytes = (bytes: number): string =>
  (bytes / BYTES_PER_MEGABYTE).toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @returns whether the user agrees; where nobody can be asked, nobody does. */
const agrees = async ({ stdin, stderr, complain, signal }: Session): Promise<boolean> => {
  if (!stdin.isTTY) {
    complain('nothing was downloaded: agree with --yes');
    return false;
  }
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question('Download? [y/N] ', { signal })).trim());
  } finally {
    terminal.close();
  }
};
