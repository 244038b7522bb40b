import { create, toJson } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  TensorShapeProto_DimensionSchema as DimensionSchema,
  GraphProtoSchema,
} from '../../../server/src/graphs/onnx_pb';
import type { OnnxModel } from '../../../server/src/graphs/onnxModel';
import { gatherMasks, UnknownHead } from '../../../server/src/graphs/vocabularyHead';
import { makeModel, maskedModel, node, quantisedHead, weights } from './tinyGraph';

/** `Add bias product → logits`, one line a node. */
const nodesOf = ({ graph }: OnnxModel): readonly string[] =>
  graph.node.map(({ opType, input, output }) => `${opType} ${input.join(' ')} → ${output.join(' ')}`);

const gathered = ['Flatten hidden → subtext/rows', 'Gather subtext/rows mask_positions → subtext/mask_rows'];
const bias = weights('bias', [30]);
const vocabulary = weights('vocabulary', [4, 30]);

test('rows are gathered before the product with the vocabulary', () => {
  const model = maskedModel();
  gatherMasks(model.graph, 'logits');
  expect(nodesOf(model)).toEqual([
    'Gather embeddings input_ids → hidden',
    ...gathered,
    'MatMul subtext/mask_rows vocabulary → product',
    'Add bias product → logits',
  ]);
});

test('inputs and outputs say so', () => {
  const { graph } = maskedModel();
  gatherMasks(graph, 'logits');
  const { input, output, valueInfo } = toJson(GraphProtoSchema, graph) as Record<string, unknown>;
  expect({ input, output, valueInfo }).toEqual({
    input: [
      expect.objectContaining({ name: 'input_ids' }),
      {
        name: 'mask_positions',
        type: { tensorType: { elemType: 7, shape: { dim: [{ dimParam: 'masks' }] } } },
      },
    ],
    output: [{ name: 'logits', type: { tensorType: { elemType: 1 } } }],
    valueInfo: [{ name: 'hidden' }],
  });
});

test('rows that were quantised are gathered afterwards', () => {
  const model = makeModel(
    [node('Gather', 'embeddings input_ids', 'states'), ...quantisedHead()],
    [vocabulary, bias, weights('zeros', [30]), weights('scales', [30])],
  );
  gatherMasks(model.graph, 'logits');
  expect(nodesOf(model).slice(2, 5)).toEqual([
    ...gathered,
    'MatMulInteger subtext/mask_rows vocabulary zero zeros → sums',
  ]);
});

test.each([
  [
    'weights tied by a transposition',
    [node('Transpose', 'vocabulary', 'tied'), node('MatMul', 'hidden tied', 'logits')],
  ],
  ['a Gemm', [node('Gemm', 'hidden vocabulary bias', 'logits', { attribute: [{ name: 'transB', i: 1n }] })]],
  [
    'a constant bias',
    [
      node('Constant', '', 'constant', { attribute: [{ name: 'value', t: bias }] }),
      node('MatMul', 'hidden vocabulary', 'product'),
      node('Add', 'product constant', 'logits'),
    ],
  ],
  [
    'a bias of every dimension',
    [node('MatMul', 'hidden vocabulary', 'product'), node('Add', 'product broad', 'logits')],
  ],
])('%s is known', (_, nodes) => {
  const model = makeModel(nodes, [vocabulary, bias, weights('broad', [1, 1, 30])]);
  gatherMasks(model.graph, 'logits');
  expect(nodesOf(model)).toEqual(expect.arrayContaining(gathered));
});

test('a graph that takes texts of one size only is left as it is', () => {
  const { graph } = maskedModel();
  graph.input[0]?.type?.tensorType?.shape?.dim.splice(1, 1, create(DimensionSchema, { dimValue: 128n }));
  expect(() => gatherMasks(graph, 'logits')).toThrow(new UnknownHead('it takes batches of one size only'));
});

describe('a graph is left as it is', () => {
  const product = node('MatMul', 'hidden vocabulary', 'product');
  test.each([
    ['an output that is not there', [product], 'nothing makes logits'],
    ['a softmax over rows', [product, node('Softmax', 'product', 'logits')], 'the logits come from Softmax'],
    [
      'a second use',
      [product, node('Cast', 'product', 'logits'), node('Shape', 'product', 'shape')],
      'product is used elsewhere, too',
    ],
    [
      'logits that are used again',
      [node('MatMul', 'hidden vocabulary', 'logits'), node('Shape', 'logits', 'shape')],
      'logits is used elsewhere, too',
    ],
    [
      'a product of two variables',
      [node('Transpose', 'input_ids', 'other'), node('MatMul', 'input_ids other', 'logits')],
      'the second operand of the last MatMul is no constant',
    ],
    [
      'a sum of two variables',
      [product, node('Add', 'product input_ids', 'logits')],
      'Add has 2 operands that differ from row to row',
    ],
    [
      'a bias a row',
      [product, node('Add', 'product rows', 'logits')],
      'Add has 2 operands that differ from row to row',
    ],
    [
      'a transposed Gemm',
      [node('Gemm', 'hidden vocabulary', 'logits', { attribute: [{ name: 'transA', i: 1n }] })],
      'the last Gemm takes its rows as columns, or adds to them one by one',
    ],
    [
      'a Gemm with a bias a row',
      [node('Gemm', 'hidden vocabulary rows', 'logits')],
      'the last Gemm takes its rows as columns, or adds to them one by one',
    ],
  ])('%s', (_, nodes, reason) => {
    const model = makeModel(nodes, [vocabulary, bias, weights('rows', [9, 30])]);
    const before = toJson(GraphProtoSchema, model.graph);
    expect(() => gatherMasks(model.graph, 'logits')).toThrow(new UnknownHead(reason));
    expect(toJson(GraphProtoSchema, model.graph)).toEqual(before);
  });
});
