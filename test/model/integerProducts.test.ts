import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeModel } from '../../server/src/graphs/onnxModel';
import { multipliesExactly } from '../../server/src/inference/integerProducts';
import { createSession } from '../../server/src/inference/ortSession';
import { findEmulator, writeEmulatedNode } from '../support/emulator';
import {
  FLOAT,
  INT8,
  makeModel,
  type Node,
  node,
  UINT8,
  type Weights,
  weights,
} from '../unit/graphs/tinyGraph';
import { type Bundle, bundleInference } from './bundle';
import { type ObservedHost, observeHost } from './inferenceHost';
import { Comparison, readGolden, roundingBound } from './reference/golden';

const session = { threads: 1, device: 'cpu' } as const;
const golden = readGolden();
let isExact: boolean;
beforeAll(async () => {
  isExact = await multipliesExactly({ ...session, exactProducts: false });
});

describe('the largest product of an unsigned and a signed byte', () => {
  const [rows, depth, columns] = [3, 64, 16];
  const exact = depth * 255 * 127;
  const one = { rawData: new Uint8Array(Float32Array.of(1).buffer) };
  const bytes = (name: string, dims: readonly number[], dataType: number, value: number): Weights => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    return weights(name, dims, { dataType, rawData: new Uint8Array(size).fill(value) });
  };
  const whole = (name: string, value: number): Weights =>
    weights(name, [1], { dataType: 7, rawData: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) });
  const tensors = [
    bytes('w', [depth, columns], INT8, 127),
    bytes('wt', [columns, depth], INT8, 127),
    bytes('zw', [], INT8, 0),
    bytes('za', [], UINT8, 0),
    bytes('w3', [depth, 3 * depth], INT8, 127),
    weights('bias', [3 * depth], { rawData: new Uint8Array(4 * 3 * depth) }),
    whole('first', 0),
    whole('last', 2),
    whole('columns', columns),
    weights('s', [], one),
    weights('out', [], { rawData: new Uint8Array(Float32Array.of(exact / 255).buffer) }),
  ];
  /** From the activations `a`, which are bytes, to `logits`. */
  const products: Readonly<Record<string, readonly Node[]>> = {
    MatMulInteger: [node('MatMulInteger', 'a w za zw', 'sums'), toFloat('sums')],
    'MatMulInteger without zero points': [node('MatMulInteger', 'a w', 'sums'), toFloat('sums')],
    'MatMulInteger, its weights transposed': [
      node('Transpose', 'wt', 't'),
      node('MatMulInteger', 'a t', 'sums'),
      toFloat('sums'),
    ],
    MatMulIntegerToFloat: [contributed('MatMulIntegerToFloat', 'a w s s za zw', 'logits')],
    DynamicQuantizeMatMul: [toFloat('a', 'x'), contributed('DynamicQuantizeMatMul', 'x w s zw', 'logits')],
    QGemm: [contributed('QGemm', 'a s za w s zw', 'logits')],
    QLinearMatMul: [
      node('QLinearMatMul', 'a s za w s zw out za', 'q'),
      node('DequantizeLinear', 'q out za', 'logits'),
    ],
    QAttention: [
      node('Unsqueeze', 'a first', 'batch'),
      contributed('QAttention', 'batch w3 bias s s  za zw', 'mixed', {
        attribute: [{ name: 'num_heads', i: 1n, type: 2 }],
      }),
      node('Slice', 'mixed first columns last', 'part'),
      // All rows are the same, and so is their mean, but for the rounding of its shares.
      node('Round', 'part', 'logits'),
    ],
    'operands that are quantised and dequantised': [
      toFloat('a', 'x'),
      node('QuantizeLinear', 'x s za', 'q'),
      node('DequantizeLinear', 'q s za', 'dq'),
      node('DequantizeLinear', 'w s zw', 'dw'),
      node('MatMul', 'dq dw', 'logits'),
    ],
  };

  test.each(Object.entries(products))('%s', async (_, nodes) => {
    expect(await multiply(nodes, true)).toEqual(Array(rows * columns).fill(exact));
    const products = await multiply(nodes, false);
    // What the option is for: without it, other numbers come out where products saturate.
    if (isExact) expect(products).toEqual(Array(rows * columns).fill(exact));
    else expect(Math.max(...products)).toBeLessThan(exact);
  });

  async function multiply(nodes: readonly Node[], exactProducts: boolean): Promise<readonly number[]> {
    const used = tensors.filter(({ name = '' }) => nodes.some(({ input }) => input?.includes(name)));
    const model = makeModel([node('Cast', 'input_ids', 'a', to(UINT8)), ...nodes], used);
    const source = { file: 'crafted', content: encodeModel(model) };
    const graph = await createSession(source, { ...session, exactProducts });
    const ids = new Tensor('int64', new BigInt64Array(rows * depth).fill(255n), [rows, depth]);
    const { logits } = await graph.run({ input_ids: ids });
    if (!(logits?.data instanceof Float32Array)) throw new Error('The graph gave no floating-point numbers.');
    return [...logits.data];
  }

  function to(dataType: number): Node {
    return { attribute: [{ name: 'to', i: BigInt(dataType), type: 2 }] };
  }

  function toFloat(input: string, output = 'logits'): Node {
    return node('Cast', input, output, to(FLOAT));
  }

  /** An operator of onnxruntime's own. */
  function contributed(opType: string, input: string, output: string, more: Node = {}): Node {
    return node(opType, input, output, { domain: 'com.microsoft', ...more });
  }
});

const emulator = findEmulator();

describe.skipIf(!emulator && !process.env['CI'])('on an emulated processor without VNNI', () => {
  const executable = process.execPath;
  let inference: Bundle;
  let folder: string;
  let observed: ObservedHost | undefined;
  beforeAll(async () => {
    inference = await bundleInference();
    folder = await mkdtemp(join(tmpdir(), 'subtext-emulated-'));
  });
  afterEach(async () => {
    process.execPath = executable;
    await observed?.host.dispose();
  });
  afterAll(async () => {
    await inference.remove();
    await rm(folder, { recursive: true });
  });

  test('the inference process makes its weights unsigned and gives the golden results', async () => {
    if (!emulator) throw new Error('qemu-x86_64 is missing (Debian: apt-get install qemu-user).');
    process.execPath = await writeEmulatedNode(folder, emulator);
    observed = observeHost({ processPath: inference.path, stateDir: folder });
    const { host, information } = observed;
    host.start();
    // Short ones: an emulated processor is slow.
    const texts = golden.texts
      .filter(
        ({ text, mentions, sentiment }) => text.length < 60 && sentiment && (mentions.first ?? []).length > 0,
      )
      .slice(0, 8);
    expect(texts).toHaveLength(8);
    const comparison = new Comparison();
    const analyses = await host.analyze(
      texts.map(({ text }) => text),
      { aggregation: 'first' },
    );
    for (const [i, { mentions, sentiment = [] }] of texts.entries()) {
      comparison.mentions(`text ${i}`, mentions.first ?? [], analyses[i]?.mentions ?? []);
      comparison.scores(`text ${i}, sentiment`, sentiment, analyses[i]?.sentiment ?? []);
    }
    console.log(`emulated: ${comparison.summary}`);
    comparison.expectWithin(roundingBound);
    expect(information.filter((line) => line.includes('saturate on cpu'))).toHaveLength(1);
  }, 300_000);
});
