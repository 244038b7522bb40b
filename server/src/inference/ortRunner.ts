import { join } from 'node:path';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { DeviceName } from '../core/device';
import {
  type EncoderBatch,
  type EncoderOutput,
  EngineError,
  type ModelRunner,
  type TokenPlace,
} from '../core/ports';
import { type ModelFolder, verifyFiles } from '../models/modelFolder';
import { createSession, type SessionOptions } from './ortSession';

/** Runs a model's graphs with onnxruntime. A run blocks the thread until it is done. */
export class OrtRunner implements ModelRunner {
  readonly #folder: ModelFolder;
  readonly #session: SessionOptions;
  readonly #encoder: InferenceSession;
  /** Most users never fill a mask, so the head is loaded when it is first asked for. */
  #maskHead: Promise<InferenceSession> | undefined;

  private constructor(folder: ModelFolder, session: SessionOptions, encoder: InferenceSession) {
    this.#folder = folder;
    this.#session = session;
    this.#encoder = encoder;
  }

  /**
   * Loads the encoder. Files are to be verified before.
   *
   * @param threads within an operator.
   * @throws EngineError when the graph cannot be loaded, or not on this device.
   */
  static async create(folder: ModelFolder, threads: number, device: DeviceName = 'cpu'): Promise<OrtRunner> {
    const session = { threads, device };
    const encoder = await createSession(join(folder.path, folder.entry.encoder.graph), session);
    return new OrtRunner(folder, session, encoder);
  }

  /** Where it runs. */
  get device(): DeviceName {
    return this.#session.device;
  }

  async run(batch: EncoderBatch): Promise<EncoderOutput> {
    const { token, sequence } = this.#folder.entry.encoder.outputs;
    const wanted = [token, sequence].filter((name) => name !== undefined);
    const outputs = await runSession(this.#encoder, this.#feeds(batch), wanted);
    const take = (name: string | undefined) => (name === undefined ? undefined : outputs.get(name));
    const [tokenLogits, sequenceLogits] = [take(token), take(sequence)];
    return { ...(tokenLogits && { tokenLogits }), ...(sequenceLogits && { sequenceLogits }) };
  }

  async runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array> {
    const { mask, encoder } = this.#folder.entry;
    const { hidden } = encoder.outputs;
    if (!mask || hidden === undefined)
      throw new EngineError(`The model ${this.#folder.entry.id} cannot fill masks.`);
    const head = await this.#loadedMaskHead(mask.graph);
    const states = (await runSession(this.#encoder, this.#feeds(batch), [hidden])).get(hidden);
    if (!states) throw new EngineError(`The model ${this.#folder.entry.id} gave no hidden states.`);
    const size = states.length / (batch.rows * batch.columns);
    const rows = new Float32Array(places.length * size);
    for (const [i, { row, column }] of places.entries()) {
      const at = (row * batch.columns + column) * size;
      rows.set(states.subarray(at, at + size), i * size);
    }
    const feeds = { [mask.input]: new Tensor('float32', rows, [places.length, size]) };
    const logits = (await runSession(head, feeds, [mask.output])).get(mask.output);
    if (!logits) throw new EngineError(`The model ${this.#folder.entry.id} gave no mask logits.`);
    return logits;
  }

  #feeds(batch: EncoderBatch): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const name of this.#encoder.inputNames) {
      feeds[name] = new Tensor('int64', toInput(name, batch), [batch.rows, batch.columns]);
    }
    return feeds;
  }

  async #loadedMaskHead(graph: string): Promise<InferenceSession> {
    this.#maskHead ??= this.#loadMaskHead(graph);
    try {
      return await this.#maskHead;
    } catch (error) {
      // Asked again, it tries again: the file may have been restored.
      this.#maskHead = undefined;
      throw error;
    }
  }

  async #loadMaskHead(graph: string): Promise<InferenceSession> {
    await verifyFiles(this.#folder, 'mask');
    return createSession(join(this.#folder.path, graph), this.#session);
  }
}

function toInput(name: string, { inputIds, attentionMask }: EncoderBatch): BigInt64Array {
  switch (name) {
    case 'input_ids':
      return inputIds;
    case 'attention_mask':
      return attentionMask;
    case 'token_type_ids':
      return new BigInt64Array(inputIds.length);
    default:
      throw new EngineError(`The model asks for an input that Subtext does not know: ${name}.`);
  }
}

/** @returns the named outputs; they own their memory. */
async function runSession(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  names: readonly string[],
): Promise<ReadonlyMap<string, Float32Array>> {
  const results = await session.run(feeds, names);
  const outputs = new Map<string, Float32Array>();
  for (const name of names) {
    const tensor = results[name];
    if (!tensor || !(tensor.data instanceof Float32Array)) {
      throw new EngineError(`The model's output ${name} is not of 32-bit floating-point numbers.`);
    }
    outputs.set(name, tensor.data);
    tensor.dispose();
  }
  return outputs;
}
