import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeModel } from '../../server/src/graphs/onnxModel';
import { makeWeightsUnsigned, type WeightSign } from '../../server/src/graphs/unsignedWeights';
import { tensorReader } from '../../server/src/graphs/weights';
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
import { loadBundledEngine } from './bundledEngine';
import { type ObservedHost, observeHost } from './inferenceHost';
import { Comparison, type Golden, readGolden, roundingBound } from './reference/golden';

const session = { threads: 1, device: 'cpu' } as const;
const golden = readGolden();
let isExact: boolean;
beforeAll(async () => {
  isExact = await multipliesExactly(session);
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
    expect(await multiply(nodes, 'unsigned')).toEqual(Array(rows * columns).fill(exact));
    const signed = await multiply(nodes, 'signed');
    // What the test is for: without the change, other numbers come out where products saturate.
    if (isExact) expect(signed).toEqual(Array(rows * columns).fill(exact));
    else expect(Math.max(...signed)).toBeLessThan(exact);
  });

  async function multiply(nodes: readonly Node[], sign: WeightSign): Promise<readonly number[]> {
    const used = tensors.filter(({ name = '' }) => nodes.some(({ input }) => input?.includes(name)));
    const model = makeModel([node('Cast', 'input_ids', 'a', to(UINT8)), ...structuredClone(nodes)], used);
    if (sign === 'unsigned') expect(await makeWeightsUnsigned(model.graph, tensorReader('.'))).toBe(1);
    const graph = await createSession({ file: 'crafted', content: encodeModel(model) }, session);
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

/** Texts of every kind, few enough for an emulator. */
async function compareWith(analyze: (texts: readonly string[]) => Promise<Analyses>, texts: Golden['texts']) {
  const comparison = new Comparison();
  const analyses = await analyze(texts.map(({ text }) => text));
  for (const [i, { mentions, sentiment }] of texts.entries()) {
    comparison.mentions(`text ${i}`, mentions.first ?? [], analyses[i]?.mentions ?? []);
    if (sentiment) comparison.scores(`text ${i}, sentiment`, sentiment, analyses[i]?.sentiment ?? []);
  }
  return comparison;
}

type Analyses = Awaited<ReturnType<ObservedHost['host']['analyze']>>;
const first = { aggregation: 'first' } as const;

describe('the bundled model', () => {
  let stateDir: string;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'subtext-products-'));
  });
  afterAll(() => rm(stateDir, { recursive: true }));

  const load = (weightSign: WeightSign, folder?: string) =>
    loadBundledEngine({ extendToGraphemes: false }, { weightSign, stateDir: folder });

  test('gives the golden results with unsigned weights, prepared and in memory', async () => {
    for (const folder of [stateDir, undefined]) {
      const { engine } = await load('unsigned', folder);
      const comparison = await compareWith((texts) => engine.analyze(texts, first), golden.texts);
      console.log(`unsigned weights: ${comparison.summary}`);
      comparison.expectWithin(roundingBound);
      const [mask] = golden.masks;
      const masks = new Comparison();
      masks.masks('mask', mask?.masks ?? [], await engine.fillMask(mask?.text ?? '', { topK: golden.topK }));
      expect(masks.largest).toBeLessThan(roundingBound.score);
    }
    const prepared = await readdir(join(stateDir, 'prepared'));
    // The encoder and the head that fills masks.
    expect(prepared).toHaveLength(2);
  });

  test('gives them with signed weights where their products are exact', async () => {
    const { engine } = await load('signed');
    const { differences, compared, largest } = await compareWith(
      (texts) => engine.analyze(texts, first),
      golden.texts,
    );
    if (isExact) {
      expect(largest).toBeLessThan(roundingBound.score);
      expect(differences.length / compared).toBeLessThan(roundingBound.share);
    } else {
      // Else there would be nothing to mend.
      expect(differences.length / compared).toBeGreaterThan(roundingBound.share);
    }
  });
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
    const comparison = await compareWith((sentences) => host.analyze(sentences, first), texts);
    console.log(`emulated: ${comparison.summary}`);
    expect(comparison.largest, comparison.differences.join('\n')).toBeLessThan(roundingBound.score);
    expect(comparison.compared).toBeGreaterThan(40);
    expect(information.filter((line) => line.includes('saturate on cpu'))).toHaveLength(1);
  }, 300_000);
});
