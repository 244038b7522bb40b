import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type EncoderBatch, EngineError, type ModelRunner } from '../core/ports';
import { type ModelFolder, verifyFiles } from '../models/modelFolder';
import type { EncoderGraph } from './encoderGraph';
import { createSession, type SessionOptions } from './ortSession';

/** Logits of the vocabulary at some places of a batch. */
export type MaskHead = ModelRunner['runMasks'];

/**
 * The head of a graph that gives logits for every token: row by row, since they take a million bytes a token.
 *
 * @param output of the graph, `[rows, columns, vocabulary]`.
 */
export const vocabularyHead =
  (encoder: EncoderGraph, output: string, vocabularySize: number): MaskHead =>
  async (batch, places) => {
    const wanted = [{ name: output, isPerToken: true, width: vocabularySize }];
    const logits = new Float32Array(places.length * vocabularySize);
    for (const row of new Set(places.map((place) => place.row))) {
      const [ofRow = new Float32Array()] = await encoder.run(rowOf(batch, row), wanted);
      for (const [i, place] of places.entries()) {
        if (place.row !== row) continue;
        const at = place.column * vocabularySize;
        logits.set(ofRow.subarray(at, at + vocabularySize), i * vocabularySize);
      }
    }
    return logits;
  };

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
    return createSession(join(folder.path, maskGraph.graph), options);
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

const rowOf = ({ columns, inputIds, attentionMask }: EncoderBatch, row: number): EncoderBatch => ({
  rows: 1,
  columns,
  inputIds: inputIds.slice(row * columns, (row + 1) * columns),
  attentionMask: attentionMask.slice(row * columns, (row + 1) * columns),
});
