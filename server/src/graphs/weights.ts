import { basename } from 'node:path';
import { clearField, create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb';

/*
 * Weights inside an .onnx file are read and copied at each start; weights in a file beside it are mapped into memory
 * (https://onnx.ai/onnx/repo-docs/ExternalData.html), so that only what is used is read and processes share it.
 */

/** Smaller ones stay in the graph: a mapping costs more than it saves. */
const MIN_BYTES = 1_024;
/** Windows maps from multiples of 64 KiB only, other systems from pages; not worth the gaps for small ones. */
const LARGE_BYTES = 1 << 20;
const LARGE_ALIGNMENT = 1 << 16;
const PAGE = 1 << 12;

const EXTERNAL = 1;
/** Data types of one byte: uint8, int8, bool. */
const byteTypes: ReadonlySet<number> = new Set([2, 3, 9]);
/** Bytes that belong at a place of a file. */
export interface Chunk {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The file that a graph was read from, under the name by which it can be found beside the new graph. */
export interface WeightSource {
  readonly name: string;
  readonly content: Uint8Array;
}

/**
 * Makes a graph refer to its large weights instead of holding them.
 *
 * @param dataFile name of a file beside the graph.
 * @param source where it is given, weights of single bytes are left where they are in it: they need no alignment.
 *   Other types do, which an .onnx file does not give them.
 * @returns what to write into `dataFile`; bytes are views of the weights, not copies.
 */
export function moveWeights(graph: GraphProto, dataFile: string, source?: WeightSource): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let end = 0;
  for (const tensor of graph.initializer) {
    const { rawData: bytes, dataType } = tensor;
    if (bytes.length < MIN_BYTES) continue;
    if (source && byteTypes.has(dataType)) {
      refer(tensor, source.name, bytes.byteOffset - source.content.byteOffset, bytes.length);
      continue;
    }
    const alignment = bytes.length < LARGE_BYTES ? PAGE : LARGE_ALIGNMENT;
    const offset = Math.ceil(end / alignment) * alignment;
    chunks.push({ offset, bytes });
    refer(tensor, dataFile, offset, bytes.length);
    end = offset + bytes.length;
  }
  return chunks;
}

/** Bytes of the weights that a graph holds itself. */
export const heldBytes = ({ initializer }: GraphProto): number =>
  initializer.reduce((sum, { rawData }) => sum + rawData.length, 0);

/** Whether some of them can stay where they are, see {@link moveWeights}. */
export const holdsByteWeights = ({ initializer }: GraphProto): boolean =>
  initializer.some(({ rawData, dataType }) => rawData.length >= MIN_BYTES && byteTypes.has(dataType));

/**
 * Names of the files beside a graph in which its weights lie.
 *
 * @throws Error when one lies in another folder.
 */
export function dataFiles({ initializer }: GraphProto): readonly string[] {
  const names = new Set(initializer.filter(isExternal).map(locationOf));
  for (const name of names) {
    if (name !== basename(name)) throw new Error(`its weights lie in another folder (${name})`);
  }
  return [...names];
}

const isExternal = ({ dataLocation }: TensorProto): boolean => dataLocation === EXTERNAL;

const locationOf = ({ externalData }: TensorProto): string =>
  externalData.find(({ key }) => key === 'location')?.value ?? '';

function refer(tensor: TensorProto, location: string, offset: number, length: number): void {
  const entries = { location, offset: String(offset), length: String(length) };
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  tensor.dataLocation = EXTERNAL;
  clearField(tensor, TensorProtoSchema.field.rawData);
}
