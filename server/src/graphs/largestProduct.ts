import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, NodeProtoSchema, TensorProtoSchema, ValueInfoProtoSchema } from './onnx_pb';

const [UINT8, INT8, INT32] = [2, 3, 6];
/** Enough for the kernels that real weights meet, and nothing to compute. */
const [rows, depth, columns] = [4, 64, 16];
const [largestActivation, largestWeight] = [255, 127];
/** Of the format and of its operators; any that knows MatMulInteger. */
const [formatVersion, operatorVersion] = [8n, 17n];

/** The input of {@link makeLargestProduct}: unsigned bytes, `[rows, depth]`. */
export const largestFactor = {
  shape: [rows, depth],
  data: new Uint8Array(rows * depth).fill(largestActivation),
} as const;

/** What every sum is where the product is exact. */
export const largestSum = depth * largestActivation * largestWeight;

/**
 * Multiplies `activations` with the largest signed bytes: an .onnx file with the output `sums`, 32-bit integers
 * `[rows, columns]`.
 */
export function makeLargestProduct(): Uint8Array {
  const value = (name: string, elemType: number, dims: readonly number[]) =>
    create(ValueInfoProtoSchema, {
      name,
      type: { tensorType: { elemType, shape: { dim: dims.map((dim) => ({ dimValue: BigInt(dim) })) } } },
    });
  const weights = create(TensorProtoSchema, {
    name: 'weights',
    dataType: INT8,
    dims: [BigInt(depth), BigInt(columns)],
    rawData: new Uint8Array(depth * columns).fill(largestWeight),
  });
  const node = create(NodeProtoSchema, {
    opType: 'MatMulInteger',
    input: ['activations', 'weights'],
    output: ['sums'],
  });
  const model = create(ModelProtoSchema, {
    irVersion: formatVersion,
    opsetImport: [{ version: operatorVersion }],
    graph: {
      node: [node],
      initializer: [weights],
      input: [value('activations', UINT8, [rows, depth])],
      output: [value('sums', INT32, [rows, columns])],
    },
  });
  return toBinary(ModelProtoSchema, model);
}
