import { join } from 'node:path';
import { bundledModelId } from '../../server/src/core/model';
import { bundledLocation, readModelFolder } from '../../server/src/models/modelFolder';
import { cacheFolder, root } from '../support/paths';
import type { Bench, Figure } from './support/bench';
import { ContenderField } from './support/contenderField';
import type { PeerModels } from './support/contenders';
import { makeHubLayout } from './support/hubLayout';
import { makeMarkdownDocument } from './support/markdownDocument';
import { sentencesOf } from './support/sentences';

const WORDS = 15_000;
const QUICK_WORDS = 4_000;
const ROUNDS = 5;
const QUICK_ROUNDS = 1;

/** Sentences a second: the server and its inference host beside bare onnxruntime and transformers.js. */
export const throughput: Bench = {
  name: 'throughput',
  title: 'sentences per second',
  async run({ quick, threads, progress }) {
    const { text } = makeMarkdownDocument({ words: quick ? QUICK_WORDS : WORDS });
    const sentences = [...new Set(sentencesOf(text))];
    const models = await makeModelFolders();
    const figures: Figure[] = [];
    for (const count of threads) {
      const label = count === 1 ? '1 thread' : `${count} threads`;
      progress(`${label}, ${sentences.length} sentences: preparing`);
      const field = await ContenderField.start(text, sentences, models, count);
      const rounds = quick ? QUICK_ROUNDS : ROUNDS;
      // The first round is not counted: code is compiled and memory is claimed in it.
      for (let round = 0; round <= rounds; round++) {
        progress(`${label}, round ${round} of ${rounds}`);
        await field.run(round > 0);
      }
      await field.stop();
      figures.push(...field.figures().map((figure) => ({ ...figure, name: `${label}: ${figure.name}` })));
    }
    return figures;
  },
};

async function makeModelFolders(): Promise<PeerModels> {
  const folder = readModelFolder(bundledLocation(join(root, 'models'), bundledModelId));
  const models = {
    entities: join(cacheFolder, 'bench/models/entities'),
    sentiment: join(cacheFolder, 'bench/models/sentiment'),
  };
  await makeHubLayout(folder, 'token', models.entities);
  await makeHubLayout(folder, 'sequence', models.sentiment);
  return models;
}
