import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../core/ports';
import { preparedGraph, type Source, type Written, writePrepared } from './writePrepared';

/*
 * Graphs of the Hub are changed once, at the first load, for faster loads and faster fill-mask; what is made of a file
 * lies in a folder of its own: `<state>/prepared/<key>/`. It can be thrown away at any time.
 */

/** Part of each key: to be raised when graphs are prepared differently. */
const PREPARER = 1;
/** No preparation takes as long: what is unfinished after it was given up, by a crash or a closed window. */
const UNFINISHED_LIFETIME = 10 * 60_000;
const UNFINISHED = '.unfinished';
const RECORD = 'prepared.json';

/** A graph to load. */
export interface PreparedGraph {
  readonly file: string;
  /** Whether it has the input `mask_positions` and its logits are of these tokens only. */
  readonly gathersMasks: boolean;
}

export interface PreparationOptions {
  /** Folder for what can be made again. */
  readonly stateDir: string;
  /** Output with logits over the vocabulary for each token, of a masked-LM graph; else its first one. */
  readonly maskLogits?: string | undefined;
  readonly logger: Logger;
  /** Runs both graphs. @throws Error saying how their results differ. */
  verify(original: string, prepared: PreparedGraph): Promise<void>;
}

/** What came of a graph; the content of prepared.json. */
interface Preparation {
  readonly source: Source;
  readonly maskLogits?: string | undefined;
  /** Absent: the original is to be used. */
  readonly written?: Written | undefined;
}

/**
 * Prepares a graph, or finds what was prepared before. Never fails: where something is in the way it says so in the
 * log and gives the graph as it is.
 *
 * @param file path of an .onnx file.
 */
export async function prepareGraph(file: string, options: PreparationOptions): Promise<PreparedGraph> {
  const original: PreparedGraph = { file, gathersMasks: false };
  try {
    const source = await describeSource(file);
    const folder = join(preparedFolder(options.stateDir), keyOf(source, options.maskLogits));
    const { written } = (await readPreparation(folder)) ?? (await prepare(source, folder, options));
    return written ? toGraph(folder, written) : original;
  } catch (error) {
    options.logger.warn(`The graph ${file} is loaded as it is: ${toReason(error)}.`);
    return original;
  }
}

/** Throws a prepared graph away that cannot be loaded, so that it is made anew. */
export async function discardPrepared(stateDir: string, { file }: PreparedGraph): Promise<void> {
  const folder = join(file, '..');
  if (join(folder, '..') === preparedFolder(stateDir)) await rm(folder, { recursive: true, force: true });
}

/**
 * Removes what was prepared from graphs that are gone or have changed, and what was never finished. To be called after
 * models were removed, and now and then.
 */
export async function prunePrepared(stateDir: string): Promise<void> {
  const parent = preparedFolder(stateDir);
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name);
    const isNeeded = name.endsWith(UNFINISHED) ? await isRecent(folder) : await isUpToDate(folder, name);
    // Windows does not remove files that are in use: the next time will.
    if (!isNeeded) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

const preparedFolder = (stateDir: string): string => join(stateDir, 'prepared');

const toGraph = (folder: string, { gathersMasks }: Written): PreparedGraph => ({
  file: join(folder, preparedGraph),
  gathersMasks,
});

async function prepare(source: Source, folder: string, options: PreparationOptions): Promise<Preparation> {
  const unfinished = folder + UNFINISHED;
  await claim(unfinished);
  options.logger.info(`Preparing ${source.path}, which is done once.`);
  try {
    const { maskLogits } = options;
    const preparation = { source, maskLogits, written: await writeVerified(source, unfinished, options) };
    await writeFile(join(unfinished, RECORD), JSON.stringify(preparation));
    // What lies there, if anything, is not whole.
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
    return preparation;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** @returns undefined where the original is better, or does not give the same results. */
async function writeVerified(
  source: Source,
  folder: string,
  { maskLogits, logger, verify }: PreparationOptions,
): Promise<Written | undefined> {
  const written = await writePrepared(source, folder, maskLogits, logger);
  try {
    if (written) await verify(source.path, toGraph(folder, written));
    return written;
  } catch (error) {
    logger.warn(
      `The graph ${source.path} is loaded as it is, for a prepared one differs: ${toReason(error)}.`,
    );
    await rm(folder, { recursive: true });
    await mkdir(folder);
    return undefined;
  }
}

/**
 * Makes the folder of a preparation, which is also the lock on it. A process that dies of a graph leaves the folder,
 * so that the one after it does not die of the same.
 */
async function claim(unfinished: string): Promise<void> {
  await mkdir(join(unfinished, '..'), { recursive: true });
  if (!(await isRecent(unfinished))) await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new Error('it is being prepared by another process, or the last try ended before its time');
  }
}

async function describeSource(file: string): Promise<Source> {
  const path = await realpath(file);
  const { size, mtimeMs } = await stat(path);
  return { path, size, modified: mtimeMs };
}

const keyOf = ({ path, size, modified }: Source, maskLogits: string | undefined): string =>
  createHash('sha256')
    .update(JSON.stringify([PREPARER, path, size, modified, maskLogits]))
    .digest('hex')
    .slice(0, 32);

/** @returns undefined where nothing was prepared, or it is not whole. */
async function readPreparation(folder: string): Promise<Preparation | undefined> {
  try {
    const preparation = JSON.parse(await readFile(join(folder, RECORD), 'utf8')) as Preparation;
    for (const [name, size] of Object.entries(preparation.written?.files ?? {})) {
      if ((await stat(join(folder, name))).size !== size) throw new Error(`${name} is not whole`);
    }
    return preparation;
  } catch {
    return undefined;
  }
}

async function isUpToDate(folder: string, key: string): Promise<boolean> {
  const preparation = await readPreparation(folder);
  if (!preparation) return false;
  try {
    const { maskLogits, source } = preparation;
    return keyOf(await describeSource(source.path), maskLogits) === key;
  } catch {
    return false;
  }
}

async function isRecent(folder: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(folder)).mtimeMs < UNFINISHED_LIFETIME;
  } catch {
    return false;
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function toReason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk has no room for a prepared one';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
