import { toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { ModelProtoSchema } from '../../../server/src/graphs/onnx_pb';
import { decodeModel, encodeModel } from '../../../server/src/graphs/onnxModel';
import { dataFiles, heldBytes, moveWeights } from '../../../server/src/graphs/weights';
import { INT8, makeModel, node, weights } from './tinyGraph';

const nodes = [node('MatMul', 'input_ids large', 'logits')];
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
const MEGABYTE = 1 << 20;

const model = () =>
  makeModel(nodes, [
    weights('small', [5], { rawData: bytes(20, 1) }),
    weights('first', [300], { rawData: bytes(1_200, 2) }),
    weights('second', [5_000], { rawData: bytes(5_000, 3), dataType: INT8 }),
    weights('large', [MEGABYTE / 4], { rawData: bytes(MEGABYTE, 4) }),
    weights('last', [1_024], { rawData: bytes(4_096, 5) }),
  ]);

const references = ({ graph }: ReturnType<typeof model>) =>
  graph.initializer.map(({ name, rawData, externalData, dataLocation }) =>
    dataLocation === 1
      ? `${name}: ${externalData.map(({ key, value }) => `${key} ${value}`).join(', ')}`
      : `${name}: ${rawData.length} bytes`,
  );

test('large weights are moved to where they can be mapped from', () => {
  const one = model();
  const chunks = moveWeights(one.graph, 'weights.data');
  expect(references(one)).toEqual([
    'small: 20 bytes',
    'first: location weights.data, offset 0, length 1200',
    'second: location weights.data, offset 4096, length 5000',
    'large: location weights.data, offset 65536, length 1048576',
    'last: location weights.data, offset 1114112, length 4096',
  ]);
  expect(chunks.map(({ offset, bytes: [value] }) => [offset, value])).toEqual([
    [0, 2],
    [4_096, 3],
    [65_536, 4],
    [1_114_112, 5],
  ]);
  expect(heldBytes(one.graph)).toBe(20);
  expect(dataFiles(one.graph)).toEqual(['weights.data']);
});

test('weights of single bytes stay in the file that they come from', () => {
  const content = encodeModel(model());
  const one = decodeModel(content);
  const chunks = moveWeights(one.graph, 'weights.data', { name: 'original.onnx', content });
  expect(chunks.map(({ offset, bytes: [value] }) => [offset, value])).toEqual([
    [0, 2],
    [65_536, 4],
    [1_114_112, 5],
  ]);
  const second = one.graph.initializer.find(({ name }) => name === 'second');
  const { location, offset, length } = Object.fromEntries(
    second?.externalData.map(({ key, value }) => [key, value]) ?? [],
  );
  expect({ location, length }).toEqual({ location: 'original.onnx', length: '5000' });
  expect(content.subarray(Number(offset), Number(offset) + 5_000)).toEqual(bytes(5_000, 3));
});

describe('reading', () => {
  test('does not copy weights', () => {
    const content = encodeModel(model());
    for (const { rawData } of decodeModel(content).graph.initializer) {
      expect(rawData.buffer).toBe(content.buffer);
    }
  });

  test('keeps what it does not know', () => {
    // Field 2 of a model is its producer, field 2 of a graph its name, field 6 of a node a remark.
    const known = [
      0x3a, 0x0f, 0x0a, 0x08, 0x22, 0x01, 0x58, 0x32, 0x03, 0x63, 0x6f, 0x6d, 0x12, 0x03, 0x61, 0x62, 0x63,
    ];
    const content = Uint8Array.from([0x12, 0x01, 0x70, ...known]);
    const decoded = decodeModel(content);
    expect(decoded.graph.node.map(({ opType }) => opType)).toEqual(['X']);
    const again = encodeModel(decoded);
    expect([...again].sort()).toEqual([...content].sort());
    expect(decodeModel(again).message).toEqual(decoded.message);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('<!doctype html>')],
    ['the beginning of a model', encodeModel(model()).subarray(0, 2_000)],
    ['a model without nodes', toBinary(ModelProtoSchema, makeModel([], []).message)],
  ])('%s is no model', (_, content) => {
    expect(() => decodeModel(content)).toThrow(/^it is no ONNX model \(/);
  });
});
