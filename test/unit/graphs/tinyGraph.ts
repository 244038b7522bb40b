import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from '../../../server/src/graphs/onnx_pb';
import type { OnnxModel } from '../../../server/src/graphs/onnxModel';

export type Node = MessageInitShape<typeof NodeProtoSchema>;
export type Weights = MessageInitShape<typeof TensorProtoSchema>;

/** Version of the format, and of its operators. */
const IR_VERSION = 8n;
const OPERATORS = 17n;

/** Data types of ONNX. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
const INT64 = 7;

/** `node('MatMul', 'a b', 'c')`: operands and results are separated by spaces. */
export const node = (opType: string, input: string, output: string, more: Node = {}): Node => ({
  opType,
  input: input.split(' '),
  output: output.split(' '),
  ...more,
});

/** Weights without content, unless given. */
export const weights = (name: string, dims: readonly number[], more: Weights = {}): Weights => ({
  name,
  dims: dims.map(BigInt),
  dataType: FLOAT,
  ...more,
});

/** A graph from `input_ids` to `logits`. */
export function makeModel(node: readonly Node[], initializer: readonly Weights[]): OnnxModel {
  const rowsAndColumns = [{ dimParam: 'batch' }, { dimParam: 'sequence' }];
  const graph = create(GraphProtoSchema, {
    node: [...node],
    initializer: [...initializer],
    input: [{ name: 'input_ids', type: { tensorType: { elemType: INT64, shape: { dim: rowsAndColumns } } } }],
    output: [
      {
        name: 'logits',
        type: {
          tensorType: { elemType: FLOAT, shape: { dim: [...rowsAndColumns, { dimParam: 'vocabulary' }] } },
        },
      },
    ],
    valueInfo: [{ name: 'hidden' }, { name: 'product' }],
  });
  const opsetImport = [{ version: OPERATORS }];
  return { message: create(ModelProtoSchema, { irVersion: IR_VERSION, graph, opsetImport }), graph };
}

/**
 * Embedding and dense layer with bias: hidden states `[batch, sequence, 4]` to logits over 30 word pieces.
 * @param more of the two matrices.
 */
export const maskedModel = (more: Weights = {}): OnnxModel =>
  makeModel(
    [
      node('Gather', 'embeddings input_ids', 'hidden'),
      node('MatMul', 'hidden vocabulary', 'product'),
      node('Add', 'bias product', 'logits'),
    ],
    [weights('embeddings', [30, 4], more), weights('vocabulary', [4, 30], more), weights('bias', [30])],
  );

/**
 * Dense layer with bias in eight-bit integers, as quantisers write it: `states` to `logits`. Its weights are `vocabulary`
 * with `zeros` and `scales`, and `bias`.
 */
export const quantisedHead = (): readonly Node[] => [
  node('DynamicQuantizeLinear', 'states', 'hidden scale zero'),
  node('MatMulInteger', 'hidden vocabulary zero zeros', 'sums'),
  node('Cast', 'sums', 'numbers', { attribute: [{ name: 'to', i: BigInt(FLOAT), type: 2 }] }),
  node('Mul', 'scale scales', 'products'),
  node('Mul', 'numbers products', 'product'),
  node('Add', 'product bias', 'logits'),
];
