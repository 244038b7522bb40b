import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { planBatches, toEncoderBatch } from '../../../server/src/core/batches';
import { NativeTokenizer } from '../../../server/src/inference/nativeTokenizer';
import { readModelFolder } from '../../../server/src/models/modelFolder';
import type { ModelTask } from './contenders';

/*
 * The first message is a ModelTask; every other one, {batchTokens}, asks for a run over all batches of so many
 * tokens. Both are answered with milliseconds. Session options are those of the product.
 */

type Feeds = Readonly<Record<string, Tensor>>;

let run: (batchTokens: number) => Promise<void>;

async function prepare({ sentences, threads, location }: ModelTask): Promise<typeof run> {
  const { path, graph, outputs: names, description } = readModelFolder(location);
  const tokenizer = await NativeTokenizer.fromFile(join(path, 'tokenizer.json'));
  const ids = (await tokenizer.encode(sentences)).map((encoding) =>
    encoding.ids.slice(0, description.maxTokens),
  );
  const session = await InferenceSession.create(join(path, graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: '1' } },
  });
  const toFeeds = (batch: readonly number[]): Feeds => {
    const { rows, columns, inputIds, attentionMask } = toEncoderBatch(
      batch.map((index) => ids[index] ?? []),
      description.padTokenId,
    );
    const values: Readonly<Record<string, BigInt64Array>> = {
      input_ids: inputIds,
      attention_mask: attentionMask,
    };
    return Object.fromEntries(
      session.inputNames.map((name) => [
        name,
        new Tensor('int64', values[name] ?? new BigInt64Array(rows * columns), [rows, columns]),
      ]),
    );
  };
  const batches = new Map<number, readonly Feeds[]>();
  const outputs = [names.token, names.sequence, names.vocabulary].filter((name) => name !== undefined);
  return async (batchTokens) => {
    const lengths = ids.map(({ length }) => length);
    const feeds = batches.get(batchTokens) ?? planBatches(lengths, batchTokens).map(toFeeds);
    batches.set(batchTokens, feeds);
    for (const feed of feeds) await session.run(feed, outputs);
  };
}

process.on('message', async (message) => {
  const start = performance.now();
  if (run) await run((message as { readonly batchTokens: number }).batchTokens);
  else run = await prepare(message as ModelTask);
  process.send?.(performance.now() - start);
});
process.on('disconnect', () => process.exit(0));
