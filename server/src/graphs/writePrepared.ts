import { copyFile, link, open, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '../core/ports';
import type { GraphProto } from './onnx_pb';
import { decodeModel, encodeModel } from './onnxModel';
import { makeWeightsUnsigned, type WeightSign } from './unsignedWeights';
import { gatherMasks, UnknownHead } from './vocabularyHead';
import {
  type Chunk,
  dataFiles,
  heldBytes,
  holdsByteWeights,
  holdWeights,
  moveWeights,
  tensorReader,
} from './weights';

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

/** How a graph is to be changed. */
export interface Wishes {
  /** Output with logits over the vocabulary for each token, whose rows are to be gathered; absent: none. */
  readonly maskLogits?: string | undefined;
  readonly weightSign: WeightSign;
}

export interface Written {
  /** Sizes of the files made, by name. */
  readonly files: Readonly<Record<string, number>>;
  readonly gathersMasks: boolean;
}

/**
 * Writes a graph that is exact on the runtime at hand, faster to load, and faster to fill masks with, into an empty
 * folder.
 *
 * @returns undefined where nothing would be gained.
 * @throws Error when the graph cannot be read or the files cannot be written.
 */
export async function writePrepared(
  { path }: Source,
  folder: string,
  { maskLogits, weightSign }: Wishes,
  logger: Logger,
): Promise<Written | undefined> {
  const content = await readFile(path);
  const model = decodeModel(content);
  const { graph } = model;
  const isChanged = await changeSign(graph, path, weightSign);
  const gathersMasks = maskLogits !== undefined && gather(graph, maskLogits, path, logger);
  if (!isChanged && !gathersMasks && heldBytes(graph) < MIN_HELD_BYTES) return undefined;

  for (const name of dataFiles(graph)) await linkOrCopy(join(dirname(path), name), join(folder, name));
  const isShared = holdsByteWeights(graph, content) && (await share(path, join(folder, ORIGINAL)));
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

/**
 * Makes a graph with unsigned weights that needs no other file, for where none can be written.
 *
 * @returns the content of an .onnx file; undefined where the graph has no signed weights.
 * @throws Error when the graph cannot be read or is too large for one file.
 */
export async function holdUnsigned(path: string): Promise<Uint8Array | undefined> {
  const model = decodeModel(await readFile(path));
  if (!(await changeSign(model.graph, path, 'unsigned'))) return undefined;
  await holdWeights(model.graph, tensorReader(dirname(path)));
  return encodeModel(model);
}

/** @returns whether there was something to change. */
async function changeSign(graph: GraphProto, path: string, weightSign: WeightSign): Promise<boolean> {
  if (weightSign === 'signed') return false;
  dataFiles(graph);
  return (await makeWeightsUnsigned(graph, tensorReader(dirname(path)))) > 0;
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
