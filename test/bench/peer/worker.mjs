// The pipelines of transformers.js. The first message names sentences, threads and the two model folders; each
// other one is {task: 'entities' | 'both', batchSize} and asks for a run over all sentences. All are answered
// with milliseconds.
import { basename, dirname } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;

let sentences = [];
let entities;
let sentiment;

async function prepare({ models, threads, ...task }) {
  // Rows of a batch are padded to its longest: sorted, there is little to pad.
  sentences = task.sentences.toSorted((a, b) => a.length - b.length);
  env.localModelPath = dirname(models.entities);
  const options = {
    dtype: 'fp32',
    device: 'cpu',
    session_options: {
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    },
  };
  entities = await pipeline('token-classification', basename(models.entities), options);
  sentiment = await pipeline('text-classification', basename(models.sentiment), options);
}

async function classify(pipe, batchSize, options) {
  const results = [];
  for (let start = 0; start < sentences.length; start += batchSize) {
    results.push(...(await pipe(sentences.slice(start, start + batchSize), options)));
  }
  if (results.length !== sentences.length) throw new Error('Some sentences have no result.');
}

async function run({ task, batchSize }) {
  await classify(entities, batchSize, { aggregation_strategy: 'simple' });
  if (task === 'both') await classify(sentiment, batchSize, { top_k: null });
}

process.on('message', async (message) => {
  const start = performance.now();
  await (entities ? run(message) : prepare(message));
  process.send(performance.now() - start);
});
process.on('disconnect', () => process.exit(0));
