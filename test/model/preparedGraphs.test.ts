import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toEncoderBatch } from '../../server/src/core/batches';
import { decodeModel, encodeModel } from '../../server/src/graphs/onnxModel';
import { OrtRunner } from '../../server/src/inference/ortRunner';
import { createRunner } from '../../server/src/inference/preparedRunner';
import { type ModelFolder, readModelFolder } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import { INT8, makeModel, type Node, node, quantisedHead, weights } from '../unit/graphs/tinyGraph';

const fixtures = join(root, 'test/fixtures/models');
const batch = toEncoderBatch(
  [
    [2, 17, 30, 44, 30, 3],
    [2, 99, 30, 3],
  ],
  0,
);
const places = [
  { row: 1, column: 2 },
  { row: 0, column: 1 },
  { row: 0, column: 4 },
];

let stateDir: string;
const logger = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'subtext-prepared-'));
  vi.resetAllMocks();
});
afterEach(() => rm(stateDir, { recursive: true }));

/** Logits of the model as it is, and prepared; fails where it was not prepared. */
async function runBoth(folder: ModelFolder): Promise<readonly [Float32Array, Float32Array]> {
  const original = await OrtRunner.create(folder, { threads: 1, device: 'cpu' });
  const prepared = await createRunner(folder, { threads: 1, device: 'cpu', stateDir, logger });
  expect(logger.warn.mock.calls).toEqual([]);
  const made = await readdir(join(stateDir, 'prepared'), { recursive: true });
  expect(made.filter((name) => name.endsWith('model.onnx'))).toHaveLength(1);
  return [await original.runMasks(batch, places), await prepared.runMasks(batch, places)];
}

describe('a prepared graph fills masks as the original does', () => {
  const folders = readdirSync(fixtures).filter((name) => name.endsWith('-mlm'));
  test.each(folders)('%s', async (name) => {
    const folder = readModelFolder({ id: name, revision: '1', path: join(fixtures, name) });
    const [expected, logits] = await runBoth(folder);
    expect(logits).toHaveLength(places.length * folder.description.vocabularySize);
    expect(largestDifference(expected, logits)).toBeLessThan(1e-5);
  });

  test('bit for bit where activations are quantised', async () => {
    const [expected, logits] = await runBoth(await putModel(quantisedHead()));
    expect(logits).toEqual(expected);
    expect(new Set(logits).size).toBeGreaterThan(100);
  });

  test('to rounding where embeddings are dequantised to be the weights of the vocabulary', async () => {
    const folder = await putModel([
      node('Gather', 'integers input_ids', 'rows'),
      node('DequantizeLinear', 'rows one seven', 'embedded'),
      node('Add', 'states embedded', 'hidden'),
      node('Transpose', 'integers', 'transposed'),
      node('DequantizeLinear', 'transposed one seven', 'floats'),
      node('MatMul', 'hidden floats', 'product'),
      node('Add', 'product bias', 'logits'),
    ]);
    const [expected, logits] = await runBoth(folder);
    const largest = largestDifference(expected, new Float32Array(expected.length));
    expect(largest).toBeGreaterThan(1);
    expect(largestDifference(expected, logits) / largest).toBeLessThan(2e-6);
    const [made = ''] = await readdir(join(stateDir, 'prepared'));
    const { graph } = decodeModel(await readFile(join(stateDir, 'prepared', made, 'model.onnx')));
    expect(graph.node.map(({ opType }) => opType)).toContain('MatMulInteger');
  });
});

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const VOCABULARY = 120;
const HIDDEN = 16;
/** Its embedding is zero. */
const EMPTY_TOKEN = 30;

/**
 * A model folder with embeddings and a vocabulary head.
 * @param head nodes from `states` to `logits`.
 */
async function putModel(head: readonly Node[]): Promise<ModelFolder> {
  const path = join(stateDir, 'model');
  const model = makeModel([node('Gather', 'embeddings input_ids', 'states'), ...head], tinyWeights);
  await mkdir(path);
  await writeFile(join(path, 'model_quantized.onnx'), encodeModel(model));
  await writeFile(join(path, 'tokenizer.json'), '{}');
  await writeFile(join(path, 'tokenizer_config.json'), JSON.stringify({ mask_token: '[MASK]' }));
  const config = {
    model_type: 'bert',
    architectures: ['BertForMaskedLM'],
    hidden_size: HIDDEN,
    vocab_size: VOCABULARY,
    max_position_embeddings: 64,
    pad_token_id: 0,
  };
  await writeFile(join(path, 'config.json'), JSON.stringify(config));
  return readModelFolder({ id: 'tiny', revision: '1', path });
}

const bytes = (values: ArrayBufferView) => new Uint8Array(values.buffer);
const floats = (count: number, value: (i: number) => number) =>
  bytes(Float32Array.from({ length: count }, (_, i) => value(i)));
/** Of seven bits: their products saturate on no processor, so the graph as it is gives exact ones, too. */
const integers = bytes(Int8Array.from({ length: HIDDEN * VOCABULARY }, (_, i) => ((i * 37) % 127) - 63));

const tokenIntegers = integers.map((value, i) => (Math.floor(i / HIDDEN) === EMPTY_TOKEN ? 7 : value));

const tinyWeights = [
  weights('embeddings', [VOCABULARY, HIDDEN], {
    rawData: floats(VOCABULARY * HIDDEN, (i) => (Math.floor(i / HIDDEN) === EMPTY_TOKEN ? 0 : Math.sin(i))),
  }),
  weights('vocabulary', [HIDDEN, VOCABULARY], { rawData: integers, dataType: INT8 }),
  weights('integers', [VOCABULARY, HIDDEN], { rawData: tokenIntegers, dataType: INT8 }),
  weights('zeros', [VOCABULARY], { rawData: new Uint8Array(VOCABULARY), dataType: INT8 }),
  weights('scales', [VOCABULARY], { rawData: floats(VOCABULARY, (i) => 0.01 + i / 1e4) }),
  weights('one', [], { rawData: floats(1, () => 0.02) }),
  weights('seven', [], { rawData: new Uint8Array([7]), dataType: INT8 }),
  weights('bias', [VOCABULARY], { rawData: floats(VOCABULARY, (i) => Math.cos(i)) }),
];
