import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { planBatches, toEncoderBatch } from '../../../server/src/core/batches';
import { bundledModelId } from '../../../server/src/core/model';
import { NativeTokenizer } from '../../../server/src/inference/nativeTokenizer';
import { bundledLocation, readModelFolder } from '../../../server/src/models/modelFolder';
import { root } from '../../support/paths';
import type { WorkerTask } from './contenders';

/*
 * The first message is a WorkerTask; every other one asks for a run over all batches. Both are answered with
 * milliseconds. Session options are those of the product.
 */

let run: () => Promise<void>;

async function prepare({ sentences, threads }: WorkerTask): Promise<() => Promise<void>> {
  const {
    path,
    graph,
    outputs: names,
    description,
  } = readModelFolder(bundledLocation(join(root, 'models'), bundledModelId));
  const tokenizer = await NativeTokenizer.fromFile(join(path, 'tokenizer.json'));
  const ids = (await tokenizer.encode(sentences)).map((encoding) =>
    encoding.ids.slice(0, description.maxTokens),
  );
  const feeds = planBatches(ids.map(({ length }) => length)).map((batch) => {
    const { rows, columns, inputIds, attentionMask } = toEncoderBatch(
      batch.map((index) => ids[index] ?? []),
      description.padTokenId,
    );
    return {
      input_ids: new Tensor('int64', inputIds, [rows, columns]),
      attention_mask: new Tensor('int64', attentionMask, [rows, columns]),
    };
  });
  const session = await InferenceSession.create(join(path, graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const outputs = [names.token, names.sequence].filter((name) => name !== undefined);
  return async () => {
    for (const feed of feeds) await session.run(feed, outputs);
  };
}

process.on('message', async (message) => {
  const start = performance.now();
  if (run) await run();
  else run = await prepare(message as WorkerTask);
  process.send?.(performance.now() - start);
});
process.on('disconnect', () => process.exit(0));
