import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
/** Bytes an element takes, by data type. */
const elementBytes: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  16: 2,
};

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
    const { rawData: bytes } = tensor;
    if (bytes.length < MIN_BYTES) continue;
    if (source && isByteOf(source.content, tensor)) {
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

/** Whether some weights can stay where they are in the file that they were read from, see {@link moveWeights}. */
export const holdsByteWeights = ({ initializer }: GraphProto, content: Uint8Array): boolean =>
  initializer.some((tensor) => tensor.rawData.length >= MIN_BYTES && isByteOf(content, tensor));

/** Of single bytes, and a view of the file: weights that were changed are not. */
const isByteOf = (content: Uint8Array, { rawData, dataType }: TensorProto): boolean =>
  byteTypes.has(dataType) && rawData.buffer === content.buffer;

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

/** Gives the bytes of a tensor, wherever they are. */
export type ReadTensor = (tensor: TensorProto) => Promise<Uint8Array>;

/**
 * Reads tensors of a graph, also those whose bytes lie in a file beside it.
 *
 * @param folder of the graph.
 */
export const tensorReader =
  (folder: string): ReadTensor =>
  async (tensor) => {
    if (!isExternal(tensor)) return heldValues(tensor);
    const { location, offset, length } = placeOf(tensor);
    const handle = await open(join(folder, basename(location)));
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      if (bytesRead < length) throw new Error(`${location} is not whole`);
      return bytes;
    } finally {
      await handle.close();
    }
  };

/** Small tensors of one byte an element are often written as numbers instead of bytes. */
const heldValues = ({ rawData, int32Data }: TensorProto): Uint8Array =>
  rawData.length > 0 ? rawData : Uint8Array.from(int32Data);

const isExternal = ({ dataLocation }: TensorProto): boolean => dataLocation === EXTERNAL;

const entryOf = ({ externalData }: TensorProto, wanted: string): string | undefined =>
  externalData.find(({ key }) => key === wanted)?.value;

const locationOf = (tensor: TensorProto): string => entryOf(tensor, 'location') ?? '';

/** Where in its file a tensor lies, in bytes. */
function placeOf(tensor: TensorProto) {
  const { name, dims, dataType } = tensor;
  const location = locationOf(tensor);
  const length = Number(dims.reduce((size, dim) => size * dim, 1n)) * (elementBytes[dataType] ?? Number.NaN);
  const offset = Number(entryOf(tensor, 'offset') ?? 0);
  const isWhole = Number(entryOf(tensor, 'length') ?? length) === length;
  if (!isWhole || ![offset, length].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new Error(`it does not say where in ${location} ${name} lies`);
  }
  return { location, offset, length };
}

/** Puts the bytes of all weights into the graph, so that it can be loaded without the files beside it. */
export async function holdWeights(graph: GraphProto, read: ReadTensor): Promise<void> {
  for (const tensor of graph.initializer.filter(isExternal)) {
    tensor.rawData = await read(tensor);
    tensor.externalData = [];
    clearField(tensor, TensorProtoSchema.field.dataLocation);
  }
}

function refer(tensor: TensorProto, location: string, offset: number, length: number): void {
  const entries = { location, offset: String(offset), length: String(length) };
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  tensor.dataLocation = EXTERNAL;
  clearField(tensor, TensorProtoSchema.field.rawData);
}
