import { createInterface } from 'node:readline/promises';
import type { ModelTask, Precision } from '../core/model';
import { parseModelRef } from '../models/modelRef';
import type { DownloadPlan, ModelInfo } from '../protocol/models';
import { toTable } from './evaluate/textTable';
import { exitCodes } from './exitCodes';
import { FORMAT_VERSION } from './jsonFormat';
import type { Session } from './session';
import { toTerminal } from './terminalText';

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

/** Lists what can be used. No network. */
export const runListModels = async (
  { format }: ListModelsOptions,
  { openStore, output, complain }: Session,
): Promise<number> => {
  const models = openStore().list();
  await output.write(
    format === 'json'
      ? `${JSON.stringify({ version: FORMAT_VERSION, models }, undefined, 2)}\n`
      : `${toTable(columns, models.map(toRow), (column) => columns[column] !== 'MB').join('\n')}\n`,
  );
  await output.flush();
  for (const { ref, problem } of models) {
    if (problem !== undefined) complain(`${toTerminal(ref)}: ${toTerminal(problem)}`);
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
  await output.write(`${toTerminal(info.ref)} is installed in ${toTerminal(info.path ?? plan.folder)}\n`);
  await output.flush();
  return exitCodes.ok;
};

export const runRemoveModel = async (text: string, { openStore, output }: Session): Promise<number> => {
  const freedBytes = await openStore().remove(parseModelRef(text));
  await output.write(`${toTerminal(text)} is removed; ${toMegabytes(freedBytes)} MB are free again\n`);
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
  toTerminal(info.ref),
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
}: DownloadPlan): string => {
  const lines = [
    `${toTerminal(model.title)} (${toTasks(model)})`,
    `  source   ${host}, commit ${commit.slice(0, COMMIT_DIGITS)}`,
    `  licence  ${toTerminal(model.licence ?? 'not stated')}`,
    `  files    ${files.length} in ${precision}, ${toMegabytes(bytes)} MB; ${toMegabytes(missingBytes)} MB to download`,
    `  folder   ${toTerminal(folder)}`,
    ...(precisions.length > 1 ? [`  formats  ${precisions.map(toFormat).join(', ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
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
