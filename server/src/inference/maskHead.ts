import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type EncoderBatch, EngineError, type ModelRunner } from '../core/ports';
import { type ModelFolder, verifyFiles } from '../models/modelFolder';
import type { EncoderGraph } from './encoderGraph';
import { createSession, type SessionOptions } from './ortSession';

/** Logits of the vocabulary at some places of a batch. */
export type MaskHead = ModelRunner['runMasks'];

/**
 * The head of a graph that gives logits for every token.
 *
 * @param output of the graph, `[rows, columns, vocabulary]`.
 */
export const vocabularyHead = (encoder: EncoderGraph, output: string, width: number): MaskHead =>
  rowByRow(width, async (row, columns) => {
    const [logits = new Float32Array()] = await encoder.run(row, [{ name: output, isPerToken: true, width }]);
    return columns.map((column) => logits.subarray(column * width, (column + 1) * width));
  });

/**
 * The head of a graph that was prepared to give logits at some places only.
 *
 * @param output of the graph, `[places, vocabulary]`.
 */
export const gatheringHead = (encoder: EncoderGraph, output: string, width: number): MaskHead =>
  rowByRow(width, async (row, columns) => {
    const places = columns.map((column) => ({ row: 0, column }));
    const logits = await encoder.runPlaces(row, places, { name: output, isPerToken: false, width });
    return columns.map((_, i) => logits.subarray(i * width, (i + 1) * width));
  });

/**
 * A head that is a graph of its own. Most users never fill a mask, so it is verified and loaded when it is first
 * asked for; where that fails, the next call tries again, since the file may have been restored.
 *
 * @param hidden output of the encoder, `[rows, columns, hidden]`.
 */
export function separateHead(
  folder: ModelFolder,
  maskGraph: NonNullable<ModelFolder['maskGraph']>,
  encoder: EncoderGraph,
  hidden: string,
  options: SessionOptions,
): MaskHead {
  let loading: Promise<InferenceSession> | undefined;
  const load = async (): Promise<InferenceSession> => {
    await verifyFiles(folder, 'mask');
    const file = join(folder.path, maskGraph.graph);
    return createSession({ file }, { ...options, keepsMemory: false });
  };
  const loaded = async (): Promise<InferenceSession> => {
    loading ??= load();
    try {
      return await loading;
    } catch (error) {
      loading = undefined;
      throw error;
    }
  };
  return async (batch, places) => {
    const session = await loaded();
    const size = folder.description.hiddenSize;
    const [states = new Float32Array()] = await encoder.run(batch, [
      { name: hidden, isPerToken: true, width: size },
    ]);
    const rows = new Float32Array(places.length * size);
    for (const [i, { row, column }] of places.entries()) {
      const at = (row * batch.columns + column) * size;
      rows.set(states.subarray(at, at + size), i * size);
    }
    const feeds = { [maskGraph.input]: new Tensor('float32', rows, [places.length, size]) };
    const tensor = (await session.run(feeds, [maskGraph.output]))[maskGraph.output];
    const logits = tensor?.data;
    tensor?.dispose();
    if (logits instanceof Float32Array) return logits;
    throw new EngineError(
      `${join(folder.path, maskGraph.graph)} gave no logits of 32-bit floating-point numbers.`,
    );
  };
}

/**
 * Runs rows one by one: logits of every token take a million bytes a token, and where activations are quantised
 * dynamically, a row's neighbours would move its scores.
 *
 * @param run gives the logits at some columns of a row.
 */
const rowByRow =
  (
    width: number,
    run: (row: EncoderBatch, columns: readonly number[]) => Promise<readonly Float32Array[]>,
  ): MaskHead =>
  async (batch, places) => {
    const logits = new Float32Array(places.length * width);
    for (const row of new Set(places.map((place) => place.row))) {
      const ofRow = [...places.entries()].filter(([, place]) => place.row === row);
      const found = await run(
        rowOf(batch, row),
        ofRow.map(([, { column }]) => column),
      );
      for (const [at, [i]] of ofRow.entries()) logits.set(found[at] ?? [], i * width);
    }
    return logits;
  };

const rowOf = ({ columns, inputIds, attentionMask }: EncoderBatch, row: number): EncoderBatch => ({
  rows: 1,
  columns,
  inputIds: inputIds.slice(row * columns, (row + 1) * columns),
  attentionMask: attentionMask.slice(row * columns, (row + 1) * columns),
});
