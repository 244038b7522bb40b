import { create, toBinary } from '@bufbuild/protobuf';
import { Tensor } from 'onnxruntime-node';
import {
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../graphs/onnx_pb';
import { createSession, type SessionOptions } from './ortSession';

const [UINT8, INT8, INT32] = [2, 3, 6];
/** Enough for the kernels that real weights meet, and nothing to compute. */
const [rows, depth, columns] = [4, 64, 16];
const [largestActivation, largestWeight] = [255, 127];
/** Of the format and of its operators; any that knows MatMulInteger. */
const [formatVersion, operatorVersion] = [8n, 17n];

/**
 * Whether the runtime multiplies unsigned with signed 8-bit integers exactly on a device: tries the largest ones.
 *
 * @throws EngineError where the device cannot be used at all.
 */
export async function multipliesExactly(options: SessionOptions): Promise<boolean> {
  const session = await createSession({ file: 'a product of integers', content: product() }, options);
  try {
    const activations = new Uint8Array(rows * depth).fill(largestActivation);
    const { sums } = await session.run({ activations: new Tensor('uint8', activations, [rows, depth]) });
    const expected = depth * largestActivation * largestWeight;
    return sums?.data instanceof Int32Array && sums.data.every((sum) => sum === expected);
  } finally {
    await session.release();
  }
}

/** An .onnx file that multiplies `activations` with constant weights. */
function product(): Uint8Array {
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
