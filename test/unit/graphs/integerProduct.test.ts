import { toJson } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { multiplyIntegers } from '../../../server/src/graphs/integerProduct';
import { GraphProtoSchema } from '../../../server/src/graphs/onnx_pb';
import { INT8, makeModel, type Node, node, weights } from './tinyGraph';

const FLOAT16 = 10;

const initializers = [
  weights('integers', [30, 4], { dataType: INT8 }),
  weights('scale', []),
  weights('scales', [30]),
  weights('half', [], { dataType: FLOAT16 }),
  weights('unshared', []),
];

/** Rows of a graph times `weights`, where `made` makes these. */
function attempt(made: Node, ...more: readonly Node[]) {
  const { graph } = makeModel(
    [
      node('Gather', 'flat mask_positions', 'rows'),
      made,
      node('MatMul', 'rows weights', 'logits'),
      ...['scale', 'scales', 'half'].map((scale) => node('Cast', scale, `use_of_${scale}`)),
      ...more,
    ],
    initializers,
  );
  const before = toJson(GraphProtoSchema, graph);
  const [gather, , product] = graph.node;
  if (!gather || !product) throw new Error('The graph has too few nodes.');
  const isDone = multiplyIntegers(graph, gather, product);
  return {
    isDone,
    graph,
    isUnchanged: JSON.stringify(toJson(GraphProtoSchema, graph)) === JSON.stringify(before),
  };
}

const dequantized = node('DequantizeLinear', 'integers scale', 'weights');

test('integers are multiplied in place of the numbers they stand for', () => {
  const { isDone, graph } = attempt(dequantized);
  expect(isDone).toBe(true);
  const count = (opType: string) => graph.node.filter((one) => one.opType === opType).length;
  expect({
    products: graph.node.filter(({ opType }) => opType.startsWith('MatMul')).map(({ opType }) => opType),
    dequantized: count('DequantizeLinear'),
    parts: count('Round'),
    outputs: graph.node.filter(({ output }) => output.includes('logits')).length,
  }).toEqual({ products: ['MatMulInteger'], dequantized: 0, parts: 3, outputs: 1 });
});

test('weights that others need stay', () => {
  const { isDone, graph } = attempt(dequantized, node('Gather', 'weights input_ids', 'states'));
  expect(isDone).toBe(true);
  expect(graph.node.flatMap(({ output }) => output)).toContain('weights');
});

describe('left as they are', () => {
  test.each([
    ['other weights', node('Transpose', 'integers', 'weights')],
    ['weights whose scale is theirs alone', node('DequantizeLinear', 'integers unshared', 'weights')],
    ['weights with a scale for each column', node('DequantizeLinear', 'integers scales', 'weights')],
    ['weights of half precision', node('DequantizeLinear', 'integers half', 'weights')],
  ])('%s', (_, made) => {
    expect(attempt(made)).toMatchObject({ isDone: false, isUnchanged: true });
  });
});
