import { join } from 'node:path';
import type { DeviceName } from '../core/device';
import type { ModelDescription } from '../core/model';
import {
  type EncoderBatch,
  type EncoderOutput,
  EngineError,
  type ModelRunner,
  type TokenPlace,
} from '../core/ports';
import type { PreparedGraph } from '../graphs/preparedGraphs';
import type { ModelFolder } from '../models/modelFolder';
import { EncoderGraph, type WantedOutput } from './encoderGraph';
import { gatheringHead, type MaskHead, separateHead, vocabularyHead } from './maskHead';
import type { SessionOptions } from './ortSession';

/** Runs a model's graphs with onnxruntime. A run blocks the thread until it is done. */
export class OrtRunner implements ModelRunner {
  /** Where it runs. */
  readonly device: DeviceName;
  /** The folder's, with limits of the graph: what an engine is to be made with. */
  readonly description: ModelDescription;
  readonly #encoder: EncoderGraph;
  readonly #heads: readonly LabelHead[];
  readonly #maskHead: MaskHead | undefined;

  private constructor(
    folder: ModelFolder,
    encoder: EncoderGraph,
    options: SessionOptions,
    gathersMasks: boolean,
  ) {
    const { description } = folder;
    const columns = encoder.shape.columns ?? Number.POSITIVE_INFINITY;
    this.device = options.device;
    this.description = { ...description, maxTokens: Math.min(description.maxTokens, columns) };
    this.#encoder = encoder;
    this.#heads = labelHeads(folder);
    this.#maskHead = toMaskHead(folder, encoder, options, gathersMasks);
  }

  /**
   * Loads the encoder. Files are to be verified before.
   *
   * @param graph to be loaded in place of the folder's.
   * @throws EngineError when the graph cannot be loaded, not on this device, or does not belong to its config.json.
   */
  static async create(
    folder: ModelFolder,
    options: SessionOptions,
    graph: PreparedGraph = { file: join(folder.path, folder.graph), gathersMasks: false },
  ): Promise<OrtRunner> {
    const { padTokenId } = folder.description;
    const encoder = await EncoderGraph.load(
      graph,
      options,
      { padTokenId, firstPosition: folder.firstPosition },
      [...labelHeads(folder).map(({ output }) => output), ...vocabularyOutputs(folder, graph)],
    );
    return new OrtRunner(folder, encoder, options, graph.gathersMasks);
  }

  async run(batch: EncoderBatch): Promise<EncoderOutput> {
    if (this.#heads.length === 0) return {};
    const outputs = await this.#encoder.run(
      batch,
      this.#heads.map(({ output }) => output),
    );
    return Object.fromEntries(this.#heads.map(({ result }, i) => [result, outputs[i]]));
  }

  async runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array> {
    if (!this.#maskHead) throw new EngineError(`The model ${this.description.id} cannot fill masks.`);
    return this.#maskHead(batch, places);
  }

  /** Frees the memory of the encoder; nothing can be run any more. */
  dispose(): Promise<void> {
    return this.#encoder.dispose();
  }
}

/** A head that gives labels, and the place of its logits in the result. */
interface LabelHead {
  readonly result: keyof EncoderOutput;
  readonly output: WantedOutput;
}

function labelHeads({ outputs: { token, sequence }, description }: ModelFolder): readonly LabelHead[] {
  const meaning = 'labels of config.json';
  const heads: LabelHead[] = [];
  if (token !== undefined) {
    const output = { name: token, isPerToken: true, width: description.tokenLabels.length, meaning };
    heads.push({ result: 'tokenLogits', output });
  }
  if (sequence !== undefined) {
    const output = { name: sequence, isPerToken: false, width: description.sentimentLabels.length, meaning };
    heads.push({ result: 'sequenceLogits', output });
  }
  return heads;
}

const vocabularyOutputs = (
  { outputs, description }: ModelFolder,
  { gathersMasks }: PreparedGraph,
): readonly WantedOutput[] =>
  outputs.vocabulary === undefined
    ? []
    : [
        {
          name: outputs.vocabulary,
          isPerToken: !gathersMasks,
          width: description.vocabularySize,
          meaning: 'vocab_size of config.json',
        },
      ];

function toMaskHead(
  folder: ModelFolder,
  encoder: EncoderGraph,
  options: SessionOptions,
  gathersMasks: boolean,
): MaskHead | undefined {
  const { maskGraph, outputs, description } = folder;
  if (outputs.vocabulary !== undefined) {
    const toHead = gathersMasks ? gatheringHead : vocabularyHead;
    return toHead(encoder, outputs.vocabulary, description.vocabularySize);
  }
  if (!maskGraph || outputs.hidden === undefined) return undefined;
  return separateHead(folder, maskGraph, encoder, outputs.hidden, options);
}
