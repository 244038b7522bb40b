// The pipelines of transformers.js. The first message names sentences, threads, the folder of the model of each
// pipeline that is wanted, and their dtype; each other one is {task, batchSize} and asks for a run over all sentences,
// where task is 'entities', 'fillMask', or 'both' for entities and sentiment. All are answered with milliseconds.
import { basename, dirname } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.allowLocalModels = true;

const pipelineNames = {
  entities: 'token-classification',
  sentiment: 'text-classification',
  fillMask: 'fill-mask',
};

let sentences = [];
let pipelines;

async function prepare({ models, threads, dtype = 'fp32', ...task }) {
  // Rows of a batch are padded to its longest: sorted, there is little to pad.
  sentences = task.sentences.toSorted((a, b) => a.length - b.length);
  const options = {
    dtype,
    device: 'cpu',
    session_options: {
      intraOpNumThreads: threads,
      graphOptimizationLevel: 'all',
      extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: '1' } },
    },
  };
  const loaded = {};
  for (const [name, folder] of Object.entries(models)) {
    env.localModelPath = dirname(folder);
    loaded[name] = await pipeline(pipelineNames[name], basename(folder), options);
  }
  pipelines = loaded;
}

async function classify(pipe, batchSize, options) {
  const results = [];
  for (let start = 0; start < sentences.length; start += batchSize) {
    results.push(...(await pipe(sentences.slice(start, start + batchSize), options)));
  }
  if (results.length !== sentences.length) throw new Error('Some sentences have no result.');
}

async function run({ task, batchSize }) {
  if (task === 'fillMask') return classify(pipelines.fillMask, batchSize, { top_k: 5 });
  await classify(pipelines.entities, batchSize, { aggregation_strategy: 'simple' });
  if (task === 'both') await classify(pipelines.sentiment, batchSize, { top_k: null });
}

process.on('message', async (message) => {
  const start = performance.now();
  await (pipelines ? run(message) : prepare(message));
  process.send(performance.now() - start);
});
process.on('disconnect', () => process.exit(0));
