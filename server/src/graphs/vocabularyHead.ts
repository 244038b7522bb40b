import { create } from '@bufbuild/protobuf';
import { multiplyIntegers } from './integerProduct';
import {
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb';

/*
 * A masked-LM graph from the Hub gives logits of the whole vocabulary for every token, which costs a multiple of the
 * encoder; only those of the masks are wanted. So the rows of the masks are gathered just before the product with the
 * vocabulary. What comes before it (dense layer, activation, normalisation) costs a hundredth of the encoder and is
 * left as it is.
 */

/** Input of a graph changed by {@link gatherMasks}: int64 `[masks]`, each `row · columns + column` of a token. */
export const maskPositions = 'mask_positions';

/** Why a graph cannot be given {@link maskPositions}. */
export class UnknownHead extends Error {
  override readonly name = 'UnknownHead';
}

const INT64 = 7;
const INT_ATTRIBUTE = 2;

/** Each row of the result is made of the same row of the first operand. */
const products: ReadonlySet<string> = new Set(['MatMul', 'MatMulInteger', 'Gemm']);
const elementwise: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Cast', 'Identity']);

/**
 * Gives a graph the input {@link maskPositions} and makes its output `logits` one of `[masks, vocabulary]`.
 *
 * Rows that were quantised dynamically are gathered after that, so that their scale still comes from the whole batch
 * and every number stays what it was.
 *
 * @param logits name of the output over the vocabulary.
 * @throws UnknownHead where it is not sure that the remaining rows stay the same; the graph is left unchanged.
 */
export function gatherMasks(graph: GraphProto, logits: string): void {
  if (graph.input.some(hasFixedSize)) throw new UnknownHead('it takes batches of one size only');
  const { product, between } = findVocabularyHead(graph, logits);
  const [rows, ...others] = product.input;
  if (rows === undefined) throw new UnknownHead(`${product.opType} has no operand`);
  const [flat, gathered] = ['subtext/rows', 'subtext/mask_rows'];
  product.input = [gathered, ...others];
  const flatten = create(NodeProtoSchema, {
    opType: 'Flatten',
    input: [rows],
    output: [flat],
    // All dimensions but the last become one.
    attribute: [{ name: 'axis', i: -1n, type: INT_ATTRIBUTE }],
  });
  const gather = create(NodeProtoSchema, {
    opType: 'Gather',
    input: [flat, maskPositions],
    output: [gathered],
  });
  graph.node.splice(graph.node.indexOf(product), 0, flatten, gather);
  multiplyIntegers(graph, gather, product);
  graph.input.push(
    create(ValueInfoProtoSchema, {
      name: maskPositions,
      type: { tensorType: { elemType: INT64, shape: { dim: [{ dimParam: 'masks' }] } } },
    }),
  );
  graph.valueInfo = graph.valueInfo.filter(({ name }) => !between.has(name));
  for (const { name, type } of graph.output) {
    if (name === logits && type?.tensorType) type.tensorType.shape = undefined;
  }
}

const hasFixedSize = ({ type }: ValueInfoProto): boolean =>
  type?.tensorType?.shape?.dim.some(({ dimValue }) => dimValue > 0n) ?? false;

interface VocabularyHead {
  /** Multiplies hidden states with the weights of the vocabulary. */
  readonly product: NodeProto;
  /** Tensors from its result to the logits, which lose their dimensions of rows and columns. */
  readonly between: ReadonlySet<string>;
}

/** Follows the logits back, through what is done to each number alone, to the product with the vocabulary. */
function findVocabularyHead(graph: GraphProto, logits: string): VocabularyHead {
  const names = new Names(graph);
  const between = new Set<string>();
  for (let tensor = logits; ; ) {
    const node = names.producer(tensor);
    if (!node) throw new UnknownHead(`nothing makes ${tensor}`);
    // A second use would meet fewer rows than it expects.
    if (names.uses(tensor) !== 1) throw new UnknownHead(`${tensor} is used elsewhere, too`);
    between.add(tensor);
    if (products.has(node.opType)) {
      const [, ...others] = node.input;
      if (node.opType === 'Gemm' && !isPlainGemm(node, names)) {
        throw new UnknownHead('the last Gemm takes its rows as columns, or adds to them one by one');
      }
      if (others.some((name) => names.varies(name) && !names.isSameForAllRows(name))) {
        throw new UnknownHead(`the second operand of the last ${node.opType} is no constant`);
      }
      return { product: node, between };
    }
    if (!elementwise.has(node.opType)) throw new UnknownHead(`the logits come from ${node.opType}`);
    const perRow = node.input.filter((name) => !names.isSameForAllRows(name));
    const [next] = perRow;
    if (next === undefined || perRow.length > 1) {
      throw new UnknownHead(`${node.opType} has ${perRow.length} operands that differ from row to row`);
    }
    tensor = next;
  }
}

const isPlainGemm = (node: NodeProto, names: Names): boolean =>
  !node.attribute.some(({ name, i }) => name === 'transA' && i !== 0n) &&
  node.input.slice(2).every((name) => names.isSameForAllRows(name));

/** What is known of the tensors of a graph by their names. */
class Names {
  readonly #initializers: ReadonlyMap<string, TensorProto>;
  readonly #producers = new Map<string, NodeProto>();
  readonly #uses = new Map<string, number>();
  readonly #varying: Set<string>;

  constructor(graph: GraphProto) {
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    // Old graphs list their initializers among the inputs.
    this.#varying = new Set(
      graph.input.map(({ name }) => name).filter((name) => !this.#initializers.has(name)),
    );
    for (const { name } of graph.output) this.#use(name);
    // Nodes are in topological order.
    for (const node of graph.node) {
      for (const name of node.input) this.#use(name);
      const varies = node.input.some((name) => this.#varying.has(name));
      for (const name of node.output) {
        this.#producers.set(name, node);
        if (varies) this.#varying.add(name);
      }
    }
  }

  producer(name: string): NodeProto | undefined {
    return this.#producers.get(name);
  }

  /** By nodes, and as an output of the graph. */
  uses(name: string): number {
    return this.#uses.get(name) ?? 0;
  }

  /** Whether it depends on the inputs of the graph. */
  varies(name: string): boolean {
    return this.#varying.has(name);
  }

  /** Whether it is a number or a vector along the last dimension, so that fewer rows change nothing. */
  isSameForAllRows(name: string): boolean {
    const initializer = this.#initializers.get(name);
    if (initializer) return isVector(initializer);
    const node = this.#producers.get(name);
    if (!node) return false;
    switch (node.opType) {
      case 'Constant':
        return node.attribute.some(({ t }) => t && isVector(t));
      case 'DynamicQuantizeLinear':
        // Scale and zero point are single numbers.
        return node.output.indexOf(name) > 0;
      default:
        return elementwise.has(node.opType) && node.input.every((input) => this.isSameForAllRows(input));
    }
  }

  #use(name: string): void {
    this.#uses.set(name, this.uses(name) + 1);
  }
}

const isVector = ({ dims }: TensorProto): boolean => dims.slice(0, -1).every((size) => size === 1n);
