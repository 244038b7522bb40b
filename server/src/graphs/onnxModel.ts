import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, type ModelProto, ModelProtoSchema } from './onnx_pb';

/** A model whose graph is there. */
export interface OnnxModel {
  readonly message: ModelProto;
  readonly graph: GraphProto;
}

/**
 * @param content of an .onnx file; the weights of the model are views of it.
 * @throws Error when it is none.
 */
export function decodeModel(content: Uint8Array): OnnxModel {
  let message: ModelProto;
  try {
    message = fromBinary(ModelProtoSchema, content);
  } catch (error) {
    throw new Error(`it is no ONNX model (${error instanceof Error ? error.message : String(error)})`);
  }
  const { graph } = message;
  if (!graph || graph.node.length === 0) throw new Error('it is no ONNX model (it has no nodes)');
  return { message, graph };
}

/** @returns the content of an .onnx file. */
export const encodeModel = ({ message }: OnnxModel): Uint8Array => toBinary(ModelProtoSchema, message);
