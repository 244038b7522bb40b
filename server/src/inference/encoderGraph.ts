import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { type EncoderBatch, EngineError, type TokenPlace } from '../core/ports';
import { maskPositions } from '../graphs/vocabularyHead';
import { mainOutput } from '../models/modelFolder';
import { type FixedShape, fitBatch, joinOutputs } from './fixedShapes';
import { fromFloat16 } from './float16';
import { createSession, type GraphSource, type SessionOptions } from './ortSession';

/** An output that is wanted. */
export interface WantedOutput {
  /** {@link mainOutput} stands for the first output of a graph that has none of this name. */
  readonly name: string;
  /** Whether it is one a token, `[rows, columns, width]`, or one a row, `[rows, width]`. */
  readonly isPerToken: boolean;
  /** Its last dimension; absent: whatever it is. */
  readonly width?: number;
  /** What it is an output for, for a person: `labels of config.json`. */
  readonly meaning?: string;
}

/** What the graph does not say of its inputs. */
export interface InputRules {
  readonly padTokenId: number;
  /** Number of the first token's position. */
  readonly firstPosition: number;
}

type Metadata = InferenceSession.TensorValueMetadata;

/** A graph that takes token ids, and is fed by what it declares: names and types of inputs, fixed or open shapes. */
export class EncoderGraph {
  /** As the graph demands; a batch of another shape is cut and padded to it. */
  readonly shape: FixedShape;
  readonly #file: string;
  readonly #session: InferenceSession;
  readonly #rules: InputRules;

  private constructor(file: string, session: InferenceSession, rules: InputRules) {
    this.#file = file;
    this.#session = session;
    this.#rules = rules;
    const [rows, columns] =
      tensorsOf(session.inputMetadata).find(({ name }) => name === 'input_ids')?.shape ?? [];
    this.shape = { rows: toFixed(rows), columns: toFixed(columns) };
  }

  /**
   * @throws EngineError when the graph cannot be loaded on the device, asks for inputs that are not known, or has not
   *   the outputs that are wanted.
   */
  static async load(
    source: GraphSource,
    options: SessionOptions,
    rules: InputRules,
    wanted: readonly WantedOutput[],
  ): Promise<EncoderGraph> {
    const graph = new EncoderGraph(source.file, await createSession(source, options), rules);
    const nothing = {
      rows: 1,
      columns: 1,
      inputIds: new BigInt64Array(1),
      attentionMask: new BigInt64Array(1),
    };
    graph.#feeds(nothing, []);
    for (const output of wanted) graph.#checkDeclared(output);
    return graph;
  }

  /**
   * @param batch not wider than the graph's fixed shape.
   * @returns the outputs in the order of `wanted`, for just the rows and columns of the batch; they own their memory.
   */
  async run(batch: EncoderBatch, wanted: readonly WantedOutput[]): Promise<readonly Float32Array[]> {
    const { rows = batch.rows, columns = batch.columns } = this.shape;
    if (rows === batch.rows && columns === batch.columns) {
      return (await this.#runFitted(batch, wanted)).map(({ data }) => data);
    }
    const parts: (readonly Output[])[] = [];
    for (const part of fitBatch(batch, this.shape, this.#rules.padTokenId)) {
      parts.push(await this.#runFitted(part, wanted));
    }
    return wanted.map(({ isPerToken }, i) =>
      joinOutputs(
        parts.flatMap((outputs) => outputs[i]?.data ?? []),
        batch,
        { rows, columns },
        parts[0]?.[i]?.width ?? 0,
        isPerToken,
      ),
    );
  }

  /**
   * As `run`, with a graph that takes {@link maskPositions}.
   *
   * @param wanted an output with one row a place.
   * @returns `[places, width]`; it owns its memory.
   */
  async runPlaces(
    batch: EncoderBatch,
    places: readonly TokenPlace[],
    wanted: WantedOutput,
  ): Promise<Float32Array> {
    const [output] = await this.#runFitted(batch, [wanted], places);
    return output?.data ?? new Float32Array();
  }

  /** Frees the memory of the graph, which cannot be run any more. */
  dispose(): Promise<void> {
    return this.#session.release();
  }

  async #runFitted(
    batch: EncoderBatch,
    wanted: readonly WantedOutput[],
    places: readonly TokenPlace[] = [],
  ): Promise<readonly Output[]> {
    const names = wanted.map(({ name }) => this.#outputName(name));
    const results = await this.#session.run(this.#feeds(batch, places), [...new Set(names)]);
    return wanted.map((output, i) => {
      const name = names[i] ?? '';
      const tensor = results[name];
      if (!tensor) throw new EngineError(`${this.#file} gave no output ${name}.`);
      this.#checkWidth(output, tensor.dims);
      return { data: toFloat32(tensor, this.#file, name), width: tensor.dims.at(-1) ?? 0 };
    });
  }

  #feeds(batch: EncoderBatch, places: readonly TokenPlace[]): Record<string, Tensor> {
    return Object.fromEntries(
      tensorsOf(this.#session.inputMetadata).map((input) => [
        input.name,
        input.name === maskPositions ? toPositions(places, batch.columns) : this.#toTensor(input, batch),
      ]),
    );
  }

  #toTensor({ name, type }: Metadata, batch: EncoderBatch): Tensor {
    const values = this.#valuesOf(name, batch);
    const shape = [batch.rows, batch.columns];
    switch (type) {
      case 'int64':
        return new Tensor(type, values, shape);
      case 'int32':
        return new Tensor(type, Int32Array.from(values, Number), shape);
      default:
        throw new EngineError(
          `${this.#file} wants its input ${name} as ${type}; only int64 and int32 can be given.`,
        );
    }
  }

  #valuesOf(name: string, { columns, inputIds, attentionMask }: EncoderBatch): BigInt64Array {
    switch (name) {
      case 'input_ids':
        return inputIds;
      case 'attention_mask':
        return attentionMask;
      case 'token_type_ids':
        return new BigInt64Array(inputIds.length);
      case 'position_ids':
        return inputIds.map((_, i) => BigInt(this.#rules.firstPosition + (i % columns)));
      default:
        throw new EngineError(`${this.#file} asks for an input that Subtext does not know: ${name}.`);
    }
  }

  #outputName(name: string): string {
    const { outputNames } = this.#session;
    const found = outputNames.includes(name) ? name : name === mainOutput ? outputNames[0] : undefined;
    if (found === undefined) throw new EngineError(`${this.#file} has no output ${name}.`);
    return found;
  }

  #checkDeclared(output: WantedOutput): void {
    const name = this.#outputName(output.name);
    const declared = tensorsOf(this.#session.outputMetadata).find((one) => one.name === name)?.shape ?? [];
    if (typeof declared.at(-1) === 'number') this.#checkWidth(output, declared);
  }

  #checkWidth({ name, isPerToken, width, meaning }: WantedOutput, shape: readonly (number | string)[]): void {
    const rank = isPerToken ? 3 : 2;
    if (shape.length === rank && (width === undefined || shape.at(-1) === width)) return;
    const expected = `${rank} dimensions${width === undefined ? '' : `, the last of ${width}${meaning ? ` (${meaning})` : ''}`}`;
    throw new EngineError(
      `${this.#file}: the output ${this.#outputName(name)} is of shape [${shape.join(', ')}] instead of ${expected}. ` +
        'The graph does not belong to its config.json.',
    );
  }
}

interface Output {
  readonly data: Float32Array;
  /** Its last dimension. */
  readonly width: number;
}

const tensorsOf = (metadata: readonly InferenceSession.ValueMetadata[]): readonly Metadata[] =>
  metadata.filter((one): one is Metadata => one.isTensor);

/** As {@link maskPositions} has them. */
const toPositions = (places: readonly TokenPlace[], columns: number): Tensor =>
  new Tensor(
    'int64',
    BigInt64Array.from(places, ({ row, column }) => BigInt(row * columns + column)),
    [places.length],
  );

/** Open dimensions have a name, or a number that is none. */
const toFixed = (dimension: number | string | undefined): number | undefined =>
  typeof dimension === 'number' && dimension > 0 ? dimension : undefined;

function toFloat32(tensor: Tensor, file: string, name: string): Float32Array {
  const { data, type } = tensor;
  tensor.dispose();
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) return fromFloat16(data);
  // Newer engines have an array for it.
  if (type === 'float16') return Float32Array.from(data as ArrayLike<number>);
  throw new EngineError(`${file}: the output ${name} is of ${type} instead of floating-point numbers.`);
}
