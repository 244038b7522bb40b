import { create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb';

/*
 * Where the embeddings are also the weights of the vocabulary, quantising a graph leaves a DequantizeLinear before the
 * last product, which makes floating-point numbers of the whole vocabulary at each run: 370 MB of them in multilingual
 * BERT. They can be multiplied as the integers they are, once the rows are integers, too: as the sum of three, each the
 * rest that the one before it leaves. That keeps 20 bits of a row, and the products are exact.
 *
 * Where the scale is not shared with the embeddings, onnxruntime makes a MatMulNBits of it, which is as fast but rounds
 * the rows to 8 bits; then the graph is left as it is, to give the same numbers.
 */

/** Integers that a number of the rows is split into. */
const PARTS = 3;
/** Largest magnitude of such an integer. With seven bits, no processor overflows when it adds two products in 16. */
const LARGEST = 63;
const OFFSET = 64;
/** Least scale, for rows of zeros. */
const TINY = 1e-30;

const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;
const INT_ATTRIBUTE = 2;

/**
 * Replaces a MatMul with dequantised embeddings by one with the integers that they are made of, equal to rounding.
 *
 * @param gather makes the rows of the MatMul, `[places, hidden]`, and is used for nothing else.
 * @returns false where its weights are none; the graph is left unchanged.
 */
export function multiplyIntegers(graph: GraphProto, gather: NodeProto, product: NodeProto): boolean {
  const dequantize = graph.node.find(({ output }) => output.some((name) => name === product.input[1]));
  if (product.opType !== 'MatMul' || dequantize?.opType !== 'DequantizeLinear') return false;
  const [integers = '', scale = '', ...zeroPoint] = dequantize.input;
  const isNumber = graph.initializer.some(
    ({ name, dataType, dims }) => name === scale && dataType === FLOAT && dims.length === 0,
  );
  const isShared = graph.node.some((node) => node !== dequantize && node.input.includes(scale));
  if (!isNumber || !isShared) return false;

  const [flat = '', places = ''] = gather.input;
  const make = new NodeMaker();
  const number = (value: number): string => make.constant(FLOAT, new Float32Array([value]));
  const [largest, tiny, offset] = [number(LARGEST), number(TINY), number(OFFSET)];
  // One more dimension, [1, places, hidden], along which the parts are put together.
  let rest = make.node('Gather', [flat, make.node('Flatten', [places], { axis: 0 })]);
  const parts: string[] = [];
  const units: string[] = [];
  for (let part = 0; part < PARTS; part++) {
    const unit = make.node('Max', [
      make.node('Div', [make.node('ReduceMax', [make.node('Abs', [rest])]), largest]),
      tiny,
    ]);
    const whole = make.node('Round', [make.node('Div', [rest, unit])]);
    parts.push(make.node('Cast', [make.node('Add', [whole, offset])], { to: UINT8 }));
    units.push(unit);
    rest = make.node('Sub', [rest, make.node('Mul', [whole, unit])]);
  }
  const sums = make.node('MatMulInteger', [
    make.node('Concat', parts, { axis: 0 }),
    integers,
    make.constant(UINT8, new Uint8Array([OFFSET])),
    ...zeroPoint,
  ]);
  const scaled = make.node('Mul', [
    make.node('Cast', [sums], { to: FLOAT }),
    make.node('Concat', units, { axis: 0 }),
  ]);
  const terms = parts.map((_, part) =>
    make.node('Gather', [scaled, make.constant(INT64, new BigInt64Array([BigInt(part)]))]),
  );
  make.node('Mul', [make.node('Sum', terms), scale], {}, product.output);

  // onnxruntime runs nodes that nobody needs, too.
  const isNeeded = (node: NodeProto): boolean =>
    node === dequantize
      ? graph.node.some(
          (other) => other !== product && other.input.some((name) => node.output.includes(name)),
        )
      : node !== gather;
  graph.node = graph.node.filter(isNeeded).flatMap((node) => (node === product ? make.nodes : [node]));
  graph.initializer.push(...make.constants);
  return true;
}

/** Makes nodes and constants with names of their own. */
class NodeMaker {
  readonly nodes: NodeProto[] = [];
  readonly constants: TensorProto[] = [];

  /** @returns the name of its result. */
  node(
    opType: string,
    input: readonly string[],
    integers: Readonly<Record<string, number>> = {},
    output: readonly string[] = [`subtext/${opType}_${this.nodes.length}`],
  ): string {
    const attribute = Object.entries(integers).map(([name, value]) => ({
      name,
      i: BigInt(value),
      type: INT_ATTRIBUTE,
    }));
    this.nodes.push(create(NodeProtoSchema, { opType, input: [...input], output: [...output], attribute }));
    return output[0] ?? '';
  }

  /** A single number. @returns its name. */
  constant(dataType: number, values: ArrayBufferView): string {
    const name = `subtext/constant_${this.constants.length}`;
    const rawData = new Uint8Array(values.buffer);
    this.constants.push(create(TensorProtoSchema, { name, dataType, rawData }));
    return name;
  }
}
