import { copyFile, link, open, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../core/ports';
import type { GraphProto } from './onnx_pb';
import { decodeModel, encodeModel } from './onnxModel';
import { gatherMasks, UnknownHead } from './vocabularyHead';
import { type Chunk, dataFiles, heldBytes, holdsByteWeights, moveWeights } from './weights';

/** Name of a prepared graph in its folder. */
export const preparedGraph = 'model.onnx';
/** What of its weights was copied. */
const WEIGHTS = 'weights.data';
/** The original, where weights are shared with it. */
const ORIGINAL = 'original.onnx';

/** From so many bytes of weights in a graph on, mapping them is worth the room on disk. */
const MIN_HELD_BYTES = 32e6;
/** A disk is not filled to the brim. */
const SPARE_BYTES = 1e9;

/** A graph file, and which version of it. */
export interface Source {
  /** Without symbolic links, as they are in the cache of the Hub. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export interface Written {
  /** Sizes of the files made, by name. */
  readonly files: Readonly<Record<string, number>>;
  readonly gathersMasks: boolean;
}

/**
 * Writes a graph that is faster to load, and to fill masks with, into an empty folder.
 *
 * @param maskLogits as in `PreparationOptions`.
 * @returns undefined where nothing would be gained.
 * @throws Error when the graph cannot be read or the files cannot be written.
 */
export async function writePrepared(
  { path }: Source,
  folder: string,
  maskLogits: string | undefined,
  logger: Logger,
): Promise<Written | undefined> {
  const content = await readFile(path);
  const model = decodeModel(content);
  const { graph } = model;
  const gathersMasks = maskLogits !== undefined && gather(graph, maskLogits, path, logger);
  if (!gathersMasks && heldBytes(graph) < MIN_HELD_BYTES) return undefined;

  for (const name of dataFiles(graph)) {
    if (name !== basename(name)) throw new Error(`its weights lie in another folder (${name})`);
    await linkOrCopy(join(dirname(path), name), join(folder, name));
  }
  const isShared = holdsByteWeights(graph) && (await share(path, join(folder, ORIGINAL)));
  const chunks = moveWeights(graph, WEIGHTS, isShared ? { name: ORIGINAL, content } : undefined);
  await requireRoom(
    folder,
    chunks.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  if (chunks.length > 0) await writeThrough(join(folder, WEIGHTS), chunks);
  await writeThrough(join(folder, preparedGraph), [{ offset: 0, bytes: encodeModel(model) }]);

  const sizes = [preparedGraph, ...dataFiles(graph)].map(
    async (name) => [name, (await stat(join(folder, name))).size] as const,
  );
  return { files: Object.fromEntries(await Promise.all(sizes)), gathersMasks };
}

function gather(graph: GraphProto, maskLogits: string, path: string, logger: Logger): boolean {
  try {
    const [first] = graph.output;
    const isThere = graph.output.some(({ name }) => name === maskLogits);
    gatherMasks(graph, isThere ? maskLogits : (first?.name ?? ''));
    return true;
  } catch (error) {
    if (!(error instanceof UnknownHead)) throw error;
    logger.info(`With ${path}, filling a mask computes the logits of every token: ${error.message}.`);
    return false;
  }
}

/**
 * Makes the original appear beside the prepared graph. onnxruntime does not follow symbolic links out of the folder,
 * and Windows cannot map weights from where they happen to lie in the original.
 *
 * @returns false where that is not possible, for instance across file systems.
 */
async function share(original: string, name: string): Promise<boolean> {
  if (process.platform === 'win32') return false;
  return link(original, name).then(
    () => true,
    () => false,
  );
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  const path = await realpath(from);
  try {
    await link(path, to);
  } catch {
    await requireRoom(dirname(to), (await stat(path)).size);
    await copyFile(path, to);
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + SPARE_BYTES) throw new Error('the disk has no room for a prepared one');
}

/** Writes a new file, and through to the disk, so that after a power cut a file of the right size is the right one. */
async function writeThrough(file: string, chunks: readonly Chunk[]): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const { offset, bytes } of chunks) {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}
