import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledModelId } from '../../server/src/core/model';
import { bundledLocation, readModelFolder } from '../../server/src/models/modelFolder';
import { keepOutput } from '../bench/support/onnxGraph';
import { root } from '../support/paths';

const { path, graph: name, outputs } = readModelFolder(bundledLocation(join(root, 'models'), bundledModelId));
const graph = join(path, name);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-graph-'));
  // Weights, some of them of several graphs.
  const data = (await readdir(dirname(graph))).filter((one) => one.endsWith('.data'));
  for (const one of data) await copyFile(join(dirname(graph), one), join(folder, one));
});
afterAll(() => rm(folder, { recursive: true }));

/** Errors only: that weights of the other head are left unused is meant to be. */
const load = (file: string) => InferenceSession.create(file, { logSeverityLevel: 3 });

const ids = [101, 5_000, 6_000, 7_000, 102];
const feeds = () => ({
  input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
  attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
});

test.each(['token', 'sequence'] as const)(
  'a model with the %s head alone gives the same logits',
  async (head) => {
    const output = String(outputs[head]);
    const edited = join(folder, `${head}.onnx`);
    await writeFile(edited, keepOutput(await readFile(graph), output, 'logits'));
    const [all, one] = [await load(graph), await load(edited)];
    expect(one.outputNames).toEqual(['logits']);
    const [expected, logits] = [(await all.run(feeds()))[output], (await one.run(feeds()))['logits']];
    expect(logits?.dims).toEqual(expected?.dims);
    expect(logits?.data).toEqual(expected?.data);
  },
);

test('an output that the model does not have is an error', async () => {
  const model = await readFile(graph);
  expect(() => keepOutput(model, 'no_such_output', 'logits')).toThrow('no output no_such_output');
});

test('what is no model is an error', () => {
  expect(() => keepOutput(new TextEncoder().encode('Hello'), 'logits', 'logits')).toThrow(
    'Not an ONNX model',
  );
});
