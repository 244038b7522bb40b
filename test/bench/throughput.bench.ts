import { join } from 'node:path';
import { createExtractor } from '../../server/src/core/text/extractors';
import { bundledModelId } from '../../server/src/models/catalog';
import { readModelFolder } from '../../server/src/models/modelFolder';
import { cacheFolder, root } from '../support/paths';
import type { Bench } from './support/bench';
import {
  type Contender,
  serverContender,
  startBare,
  startHost,
  startTransformersJs,
} from './support/contenders';
import { makeHubLayout } from './support/hubLayout';
import { makeMarkdownDocument } from './support/markdownDocument';
import { median } from './support/statistics';

const WORDS = 20_000;
const QUICK_WORDS = 4_000;
const ROUNDS = 5;
const QUICK_ROUNDS = 1;
/** Those tried for transformers.js; the fastest counts. */
const BATCH_SIZES = [1, 8, 32] as const;

/** Sentences a second: the server and its inference host beside bare onnxruntime and transformers.js. */
export const throughput: Bench = {
  name: 'throughput',
  title: 'sentences per second',
  async run({ quick, threads, progress }) {
    const { text } = makeMarkdownDocument({ words: quick ? QUICK_WORDS : WORDS });
    const sentences = [...new Set(sentencesOf(text))];
    progress(`${sentences.length} sentences, ${threads} ${threads === 1 ? 'thread' : 'threads'}; preparing`);
    const models = await makeModelFolders();
    const bare = await startBare({ sentences, threads });
    const host = await startHost({ sentences, threads });
    const peer = await startTransformersJs({ sentences, threads, models });
    const peers = { entities: [] as Contender[], both: [] as Contender[] };
    for (const batchSize of BATCH_SIZES) {
      peers.entities.push(
        peer.contender(`transformers.js, entities, batch ${batchSize}`, { task: 'entities', batchSize }),
      );
      peers.both.push(
        peer.contender(`transformers.js, entities + sentiment, batch ${batchSize}`, {
          task: 'both',
          batchSize,
        }),
      );
    }
    const contenders = [
      bare.contender('onnxruntime, bare', {}),
      host,
      serverContender(text, threads),
      ...peers.entities,
      ...peers.both,
    ];

    const speeds = new Map<Contender, number[]>(contenders.map((contender) => [contender, []]));
    const rounds = quick ? QUICK_ROUNDS : ROUNDS;
    // The first round is not counted: code is compiled and memory is claimed in it.
    for (let round = 0; round <= rounds; round++) {
      for (const contender of contenders) {
        progress(`round ${round} of ${rounds}: ${contender.name}`);
        const milliseconds = await contender.run();
        if (round > 0) speeds.get(contender)?.push((sentences.length / milliseconds) * 1_000);
      }
    }
    for (const one of [bare, host, peer]) await one.stop();

    const speedOf = (contender: Contender | undefined): readonly number[] =>
      (contender && speeds.get(contender)) ?? [];
    const fastest = (some: readonly Contender[]): Contender | undefined =>
      some.toSorted((a, b) => median(speedOf(b)) - median(speedOf(a)))[0];
    /** Median of the ratios within a round, so that a change of the machine's speed hits both sides alike. */
    const ratio = (a: Contender | undefined, b: Contender | undefined): number => {
      const divisors = speedOf(b);
      return median(speedOf(a).map((speed, round) => speed / (divisors[round] ?? Number.NaN)));
    };
    const [bareOne, hostOne, serverOne] = contenders;
    const [entities, both] = [fastest(peers.entities), fastest(peers.both)];
    return [
      ...contenders.map((contender) => ({
        name: contender.name,
        value: median(speedOf(contender)),
        unit: '/s',
      })),
      { name: 'server / bare', value: ratio(serverOne, bareOne), unit: '×', aim: { atLeast: 0.9 } },
      { name: 'host / bare', value: ratio(hostOne, bareOne), unit: '×' },
      {
        name: 'server / transformers.js, entities',
        value: ratio(serverOne, entities),
        unit: '×',
        aim: { atLeast: 1.5 },
      },
      {
        name: 'server / transformers.js, entities + sentiment',
        value: ratio(serverOne, both),
        unit: '×',
        aim: { atLeast: 1.5 },
      },
    ];
  },
};

/** What the server infers of a Markdown document. */
function sentencesOf(text: string): readonly string[] {
  const work = createExtractor('markdown').update(text);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value.flatMap(({ block }) => block.sentences.map((sentence) => sentence.text));
}

async function makeModelFolders() {
  const folder = readModelFolder(join(root, 'models'), bundledModelId);
  const models = {
    entities: join(cacheFolder, 'bench/models/entities'),
    sentiment: join(cacheFolder, 'bench/models/sentiment'),
  };
  await makeHubLayout(folder, 'token', models.entities);
  await makeHubLayout(folder, 'sequence', models.sentiment);
  return models;
}
