import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type EncoderBatch, type EncoderOutput, EngineError, type ModelRunner } from '../core/ports';
import { type ModelFolder, verifyFiles } from '../models/modelFolder';

const executionProviders = ['cpu'] as const;

/** Runs a model's graphs with onnxruntime. A run blocks the thread until it is done. */
export class OrtRunner implements ModelRunner {
  /** Where it runs. */
  readonly device = executionProviders[0];
  readonly #folder: ModelFolder;
  readonly #threads: number;
  readonly #encoder: InferenceSession;
  /** Most users never fill a mask, so the head is loaded when it is first asked for. */
  #maskHead: Promise<InferenceSession> | undefined;

  private constructor(folder: ModelFolder, threads: number, encoder: InferenceSession) {
    this.#folder = folder;
    this.#threads = threads;
    this.#encoder = encoder;
  }

  /**
   * Loads the encoder. Files are to be verified before.
   *
   * @param threads within an operator.
   * @throws EngineError when the graph cannot be loaded.
   */
  static async create(folder: ModelFolder, threads: number): Promise<OrtRunner> {
    return new OrtRunner(folder, threads, await createSession(folder, folder.entry.encoder.graph, threads));
  }

  async run(batch: EncoderBatch, want: { readonly hidden: boolean }): Promise<EncoderOutput> {
    const { token, sequence, hidden } = this.#folder.entry.encoder.outputs;
    const wanted = want.hidden ? [hidden] : [token, sequence];
    const shape = [batch.rows, batch.columns];
    const feeds: Record<string, Tensor> = {};
    for (const name of this.#encoder.inputNames) {
      feeds[name] = new Tensor('int64', toInput(name, batch), shape);
    }
    const outputs = await runSession(
      this.#encoder,
      feeds,
      wanted.filter((name) => name !== undefined),
    );
    const take = (name: string | undefined) => (name === undefined ? undefined : outputs.get(name));
    const [tokenLogits, sequenceLogits, states] = [take(token), take(sequence), take(hidden)];
    return {
      ...(tokenLogits && { tokenLogits }),
      ...(sequenceLogits && { sequenceLogits }),
      ...(states && { hidden: states }),
    };
  }

  async runMaskHead(hidden: Float32Array, rows: number): Promise<Float32Array> {
    const { mask } = this.#folder.entry;
    if (!mask) throw new EngineError(`The model ${this.#folder.entry.id} cannot fill masks.`);
    this.#maskHead ??= this.#loadMaskHead(mask.graph);
    let session: InferenceSession;
    try {
      session = await this.#maskHead;
    } catch (error) {
      // Asked again, it tries again: the file may have been restored.
      this.#maskHead = undefined;
      throw error;
    }
    const feeds = { [mask.input]: new Tensor('float32', hidden, [rows, hidden.length / rows]) };
    const logits = (await runSession(session, feeds, [mask.output])).get(mask.output);
    if (!logits) throw new EngineError(`The model ${this.#folder.entry.id} gave no mask logits.`);
    return logits;
  }

  async #loadMaskHead(graph: string): Promise<InferenceSession> {
    await verifyFiles(this.#folder, 'mask');
    return createSession(this.#folder, graph, this.#threads);
  }
}

/** Loads by path, so that external data is mapped into memory instead of copied. */
async function createSession(folder: ModelFolder, graph: string, threads: number): Promise<InferenceSession> {
  const file = join(folder.path, graph);
  try {
    return await InferenceSession.create(file, {
      executionProviders,
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      // Threads that spin while they wait take the processor away from the editor.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    throw new EngineError(`The model file ${file} cannot be loaded: ${messageOf(error)}`);
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
