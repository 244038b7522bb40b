import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeModel } from '../../../server/src/graphs/onnxModel';
import { dataFiles } from '../../../server/src/graphs/weights';
import type { ModelFolder } from '../../../server/src/models/modelFolder';
import { keepOutput } from './onnxGraph';

/**
 * Lays one head of a model out as transformers.js expects it, with the same weights: `config.json`,
 * `tokenizer.json`, `tokenizer_config.json` and `onnx/model.onnx` with the single output `logits`.
 *
 * @param target the folder to make, from scratch.
 */
export async function makeHubLayout(
  { path, graph, outputs, description }: ModelFolder,
  head: 'token' | 'sequence',
  target: string,
): Promise<void> {
  const output = outputs[head];
  if (output === undefined) throw new Error(`The model has no ${head} head.`);
  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, 'onnx'), { recursive: true });

  const model = await readFile(join(path, graph));
  await writeFile(join(target, 'onnx/model.onnx'), keepOutput(model, output, 'logits'));
  // onnxruntime finds weights beside the graph, under the names that the graph gives.
  for (const name of dataFiles(decodeModel(model).graph)) {
    await copyFile(join(path, dirname(graph), name), join(target, 'onnx', name));
  }

  const config = JSON.parse(await readFile(join(path, 'config.json'), 'utf8')) as object;
  const labels = head === 'token' ? description.tokenLabels : description.sentimentLabels;
  const id2label = Object.fromEntries(labels.map((label, id) => [id, label]));
  const label2id = Object.fromEntries(labels.map((label, id) => [label, id]));
  await writeFile(join(target, 'config.json'), JSON.stringify({ ...config, id2label, label2id }));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    await copyFile(join(path, name), join(target, name));
  }
}
