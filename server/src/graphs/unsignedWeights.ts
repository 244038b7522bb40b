import { create } from '@bufbuild/protobuf';
import { type GraphProto, type NodeProto, type TensorProto, TensorProtoSchema } from './onnx_pb';
import type { ReadTensor } from './weights';

/*
 * On x86 processors without VNNI, onnxruntime multiplies unsigned activations with signed 8-bit weights by an
 * instruction that adds two products in 16 bits and saturates: 2 · 255 · 127 is more than 32,767. Unsigned weights go
 * another way, which is exact. They are the same weights when 128 is added to them and to their zero point.
 */

/** How a graph has its 8-bit weights: as its exporter wrote them, or all of them unsigned. */
export type WeightSign = 'signed' | 'unsigned';

const UINT8 = 2;
const INT8 = 3;
/** Adding 128 to a signed byte makes an unsigned one, and flips this bit. */
const SIGN_BIT = 0x80;

/** Places of operands of a product of integers. */
interface Operands {
  readonly weights: number;
  readonly zeroPoint: number;
  /** Where a zero point that is absent has to have the shape of the scale. */
  readonly scale?: number;
  /** Where weights can be unsigned only beside activations that are: the zero point of those. */
  readonly activationZeroPoint?: number;
}

/** https://onnx.ai/onnx/operators and onnxruntime's ContribOperators.md. */
const products: Readonly<Record<string, Operands>> = {
  MatMulInteger: { weights: 1, zeroPoint: 3 },
  MatMulIntegerToFloat: { weights: 1, zeroPoint: 5, scale: 3 },
  DynamicQuantizeMatMul: { weights: 1, zeroPoint: 3, scale: 2 },
  QLinearMatMul: { weights: 3, zeroPoint: 5, scale: 4, activationZeroPoint: 2 },
  QGemm: { weights: 3, zeroPoint: 5, scale: 4 },
  QAttention: { weights: 1, zeroPoint: 7 },
};
/** onnxruntime makes a product of integers of one whose both operands come from these. */
const dequantized: Operands = { weights: 0, zeroPoint: 2, scale: 1 };

/**
 * Makes the signed 8-bit weights of products unsigned, which leaves all results the same. Other tensors, embeddings
 * for instance, stay as they are, and so do products whose weights or zero points are no constants.
 *
 * @returns how many products were changed.
 */
export async function makeWeightsUnsigned(graph: GraphProto, read: ReadTensor): Promise<number> {
  const change = new Change(graph, read);
  // Without quantised activations, what is dequantised is multiplied as floating-point numbers.
  const takesIntegers = graph.node.some(({ opType }) => opType === 'QuantizeLinear');
  let changed = 0;
  for (const node of graph.node) {
    const isFactor = takesIntegers && node.opType === 'DequantizeLinear' && change.isFactor(node);
    const operands = isFactor ? dequantized : products[node.opType];
    if (operands && (await change.apply(node, operands))) changed++;
  }
  change.finish();
  return changed;
}

class Change {
  readonly #graph: GraphProto;
  readonly #read: ReadTensor;
  readonly #constants = new Map<string, TensorProto>();
  readonly #producers = new Map<string, NodeProto>();
  readonly #consumers = new Map<string, NodeProto[]>();
  /** Names of new tensors by those of the old ones. */
  readonly #made = new Map<string, string>();

  constructor(graph: GraphProto, read: ReadTensor) {
    this.#graph = graph;
    this.#read = read;
    for (const tensor of graph.initializer) this.#constants.set(tensor.name, tensor);
    for (const node of graph.node) {
      for (const name of node.input) this.#consumers.set(name, [...(this.#consumers.get(name) ?? []), node]);
      for (const name of node.output) this.#producers.set(name, node);
      const [{ t } = {}] = node.attribute.filter(({ name }) => name === 'value');
      if (node.opType === 'Constant' && t) this.#constants.set(node.output[0] ?? '', t);
    }
  }

  /** Whether what a node makes is an operand of a product, be it transposed. */
  isFactor({ output: [name = ''] }: NodeProto): boolean {
    return (this.#consumers.get(name) ?? []).some((node) =>
      node.opType === 'Transpose' ? this.isFactor(node) : node.opType === 'MatMul' || node.opType === 'Gemm',
    );
  }

  /** @returns whether the weights were signed and are not any more. */
  async apply(node: NodeProto, operands: Operands): Promise<boolean> {
    const holder = this.#holder(node, operands.weights);
    const weights = this.#constants.get(holder.node.input[holder.place] ?? '');
    if (weights?.dataType !== INT8) return false;
    const { activationZeroPoint } = operands;
    if (activationZeroPoint !== undefined) {
      const zeroPoint = this.#constants.get(node.input[activationZeroPoint] ?? '');
      if (zeroPoint?.dataType !== UINT8) return false;
    }
    const zeroPoint = await this.#unsignedZeroPoint(node, operands);
    if (zeroPoint === undefined) return false;
    holder.node.input[holder.place] = await this.#unsigned(holder.node.input[holder.place] ?? '', weights);
    while (node.input.length <= operands.zeroPoint) node.input.push('');
    node.input[operands.zeroPoint] = zeroPoint;
    return true;
  }

  /** Drops what nobody uses any more; old graphs list constants among their inputs, too. */
  finish(): void {
    const used = new Set(this.#graph.node.flatMap(({ input }) => input));
    const isGone = ({ name }: { readonly name: string }): boolean => this.#made.has(name) && !used.has(name);
    this.#graph.initializer = this.#graph.initializer.filter((tensor) => !isGone(tensor));
    this.#graph.input = this.#graph.input.filter((input) => !isGone(input));
    this.#graph.valueInfo = this.#graph.valueInfo.filter(({ name }) => !this.#made.has(name));
  }

  /** The node that has the weights themselves as an operand: the product, or one that transposes them for it alone. */
  #holder(node: NodeProto, place: number): { readonly node: NodeProto; readonly place: number } {
    const name = node.input[place] ?? '';
    const producer = this.#producers.get(name);
    const isOnly = this.#consumers.get(name)?.length === 1;
    return producer?.opType === 'Transpose' && isOnly ? { node: producer, place: 0 } : { node, place };
  }

  /** @returns the name of the new zero point; undefined where the old one is no constant. */
  async #unsignedZeroPoint(node: NodeProto, { zeroPoint, scale }: Operands): Promise<string | undefined> {
    const name = node.input[zeroPoint] ?? '';
    if (name !== '') {
      const tensor = this.#constants.get(name);
      return tensor?.dataType === INT8 ? this.#unsigned(name, tensor) : undefined;
    }
    const dims = scale === undefined ? [] : this.#constants.get(node.input[scale] ?? '')?.dims;
    if (!dims) return undefined;
    const size = Number(dims.reduce((count, dim) => count * dim, 1n));
    return this.#make(`zero point of shape [${dims}]`, dims, new Uint8Array(size).fill(SIGN_BIT));
  }

  async #unsigned(name: string, tensor: TensorProto): Promise<string> {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    return this.#make(
      name,
      tensor.dims,
      (await this.#read(tensor)).map((byte) => byte ^ SIGN_BIT),
    );
  }

  #make(source: string, dims: readonly bigint[], rawData: Uint8Array): string {
    const known = this.#made.get(source);
    if (known !== undefined) return known;
    const name = `subtext/unsigned ${source}`;
    this.#made.set(source, name);
    this.#graph.initializer.push(
      create(TensorProtoSchema, { name, dataType: UINT8, dims: [...dims], rawData }),
    );
    return name;
  }
}
