import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GraphProto } from '../../../server/src/graphs/onnx_pb';
import { makeWeightsUnsigned } from '../../../server/src/graphs/unsignedWeights';
import { tensorReader } from '../../../server/src/graphs/weights';
import { INT8, makeModel, type Node, node, UINT8, type Weights, weights } from './tinyGraph';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-unsigned-'));
});
afterEach(() => rm(folder, { recursive: true }));

const signed = (name: string, dims: readonly number[], values: readonly number[]): Weights =>
  weights(name, dims, { dataType: INT8, rawData: Uint8Array.from(values) });
const scale = (dims: readonly number[] = []): Weights =>
  weights('scale', dims, { rawData: new Uint8Array(4) });

/** The nodes, and the tensors of bytes, of a graph that was changed. */
async function change(nodes: readonly Node[], tensors: readonly Weights[]) {
  const { graph } = makeModel(nodes, tensors);
  const changed = await makeWeightsUnsigned(graph, tensorReader(folder));
  return { changed, nodes: graph.node.map(toText), tensors: byteTensors(graph) };
}

const toText = ({ opType, input }: { readonly opType: string; readonly input: readonly string[] }): string =>
  `${opType}(${input.map((name) => name || '–').join(', ')})`;

const byteTensors = ({ initializer }: GraphProto): readonly string[] =>
  initializer
    .filter(({ dataType }) => dataType === INT8 || dataType === UINT8)
    .map(({ name, dataType, dims, rawData, int32Data }) => {
      const values = rawData.length > 0 ? [...rawData] : [...int32Data];
      return `${dataType === INT8 ? 'int8' : 'uint8'} ${name} [${dims}]: ${values.join(' ')}`;
    });

const w = signed('w', [2, 2], [0, 1, 127, 0x80]);
const unsignedW = 'uint8 subtext/unsigned w [2,2]: 128 129 255 0';

describe('weights become unsigned with their zero points in', () => {
  test.each([
    ['MatMulInteger', 'a w za zw', 'MatMulInteger(a, subtext/unsigned w, za, subtext/unsigned zw)'],
    [
      'MatMulIntegerToFloat',
      'a w sa scale za zw bias',
      'MatMulIntegerToFloat(a, subtext/unsigned w, sa, scale, za, subtext/unsigned zw, bias)',
    ],
    [
      'DynamicQuantizeMatMul',
      'a w scale zw',
      'DynamicQuantizeMatMul(a, subtext/unsigned w, scale, subtext/unsigned zw)',
    ],
    [
      'QLinearMatMul',
      'a sa za w scale zw so zo',
      'QLinearMatMul(a, sa, za, subtext/unsigned w, scale, subtext/unsigned zw, so, zo)',
    ],
    ['QGemm', 'a sa za w scale zw c', 'QGemm(a, sa, za, subtext/unsigned w, scale, subtext/unsigned zw, c)'],
    [
      'QAttention',
      'a w bias sa scale mask za zw',
      'QAttention(a, subtext/unsigned w, bias, sa, scale, mask, za, subtext/unsigned zw)',
    ],
  ])('%s', async (opType, input, expected) => {
    const za = weights('za', [], { dataType: UINT8, rawData: Uint8Array.of(9) });
    expect(await change([node(opType, input, 'logits')], [w, signed('zw', [2], [3, 0xff]), za])).toEqual({
      changed: 1,
      nodes: [expected],
      tensors: ['uint8 za []: 9', 'uint8 subtext/unsigned zw [2]: 131 127', unsignedW],
    });
  });

  test('a product of two dequantised operands, one of them transposed', async () => {
    const nodes = [
      node('QuantizeLinear', 'x sa za', 'q'),
      node('DequantizeLinear', 'q sa za', 'a'),
      node('DequantizeLinear', 'w scale zw', 'b'),
      node('Transpose', 'b', 't'),
      node('MatMul', 'a t', 'logits'),
    ];
    const { changed, tensors } = await change(nodes, [w, scale(), signed('zw', [], [0])]);
    expect(changed).toBe(1);
    expect(tensors).toEqual(['uint8 subtext/unsigned zw []: 128', unsignedW]);
  });

  test('a product whose weights are transposed for it', async () => {
    const nodes = [node('Transpose', 'w', 't'), node('MatMulInteger', 'a t', 'logits')];
    expect((await change(nodes, [w])).nodes).toEqual([
      'Transpose(subtext/unsigned w)',
      'MatMulInteger(a, t, –, subtext/unsigned zero point of shape [])',
    ]);
  });
});

describe('a zero point that is absent', () => {
  test('is a number, or of the shape of the scale', async () => {
    const products = [
      node('MatMulInteger', 'a w', 'b'),
      node('DynamicQuantizeMatMul', 'x w scale', 'logits'),
    ];
    expect(await change(products, [w, scale([2])])).toEqual({
      changed: 2,
      nodes: [
        'MatMulInteger(a, subtext/unsigned w, –, subtext/unsigned zero point of shape [])',
        'DynamicQuantizeMatMul(x, subtext/unsigned w, scale, subtext/unsigned zero point of shape [2])',
      ],
      tensors: [
        'uint8 subtext/unsigned zero point of shape [] []: 128',
        unsignedW,
        'uint8 subtext/unsigned zero point of shape [2] [2]: 128 128',
      ],
    });
  });
});

describe('tensors are read', () => {
  test('as numbers', async () => {
    const numbers = weights('zw', [2], { dataType: INT8, int32Data: [-128, 5] });
    const { tensors } = await change([node('MatMulInteger', 'a w za zw', 'logits')], [w, numbers]);
    expect(tensors).toContain('uint8 subtext/unsigned zw [2]: 0 133');
  });

  test('from a constant node', async () => {
    const { tensors } = await change(
      [
        node('Constant', '', 'zw', { input: [], attribute: [{ name: 'value', t: signed('', [], [1]) }] }),
        node('MatMulInteger', 'a w za zw', 'logits'),
      ],
      [w],
    );
    expect(tensors).toContain('uint8 subtext/unsigned zw []: 129');
  });

  test('from a file beside the graph', async () => {
    await writeFile(join(folder, 'data'), Uint8Array.of(7, 7, 0, 1, 127, 0x80));
    expect(
      (await change([node('MatMulInteger', 'a w', 'logits')], [inFile({ offset: '2', length: '4' })]))
        .tensors,
    ).toContain(unsignedW);
  });

  test.each([
    ['beyond its end', { offset: '4', length: '4' }, /data is not whole/],
    ['of another length', { offset: '0', length: '65' }, /does not say where in data w lies/],
    ['before its beginning', { offset: '-1' }, /does not say where in data w lies/],
  ])('but not %s', async (_, place, message) => {
    await writeFile(join(folder, 'data'), new Uint8Array(6));
    await expect(change([node('MatMulInteger', 'a w', 'logits')], [inFile(place)])).rejects.toThrow(message);
  });

  const inFile = (place: Readonly<Record<string, string>>): Weights =>
    weights('w', [2, 2], {
      dataType: INT8,
      dataLocation: 1,
      externalData: Object.entries({ location: 'data', ...place }).map(([key, value]) => ({ key, value })),
    });
});

describe('what stays as it is', () => {
  test('weights that others use, too, for these', async () => {
    const nodes = [node('Gather', 'w input_ids', 'rows'), node('MatMulInteger', 'a w', 'logits')];
    const { nodes: changed, tensors } = await change(nodes, [w]);
    expect(changed[0]).toBe('Gather(w, input_ids)');
    expect(tensors).toEqual(['int8 w [2,2]: 0 1 127 128', expect.any(String), unsignedW]);
  });

  test.each([
    ['unsigned weights', [node('MatMulInteger', 'a u', 'logits')]],
    ['weights that are no constants', [node('MatMulInteger', 'a b', 'logits')]],
    ['zero points that are no constants', [node('MatMulInteger', 'a w za zw', 'logits')]],
    ['products that take signed weights only', [node('QLinearMatMul', 'a sa zs w scale zs so zo', 'logits')]],
    [
      'dequantised embeddings',
      [
        node('QuantizeLinear', 'x sa za', 'q'),
        node('DequantizeLinear', 'w scale', 'e'),
        node('Gather', 'e input_ids', 'logits'),
      ],
    ],
    [
      'weights that are multiplied as floating-point numbers',
      [node('DequantizeLinear', 'w scale', 'b'), node('MatMul', 'x b', 'logits')],
    ],
  ])('%s', async (_, nodes) => {
    const u = weights('u', [1], { dataType: UINT8, rawData: Uint8Array.of(1) });
    const { changed, nodes: after } = await change(nodes, [w, u, scale(), signed('zs', [], [0])]);
    expect(changed).toBe(0);
    expect(after).toEqual(nodes.map((one) => toText({ opType: one.opType ?? '', input: one.input ?? [] })));
  });
});
