import { join } from 'node:path';
import type { InferenceHost } from '../../server/src/inference/host';
import type { ModelLocation } from '../../server/src/models/modelLocation';
import { cacheFolder } from '../support/paths';
import type { Bench, Figure } from './support/bench';
import { type Contender, makeHost, startBare, startHost, startTransformersJs } from './support/contenders';
import { Contest } from './support/contest';
import { canReadMemory, childrenOf, type ProcessMemory, readMemory } from './support/processMemory';
import { documentSentences } from './support/sentences';
import {
  howToMakeShapes,
  type ShapeTask,
  shapeLocation,
  shapes as shapeNames,
  shapePrecisions,
  shapeTasks,
} from './support/shapeModels';
import { median } from './support/statistics';

interface Amount {
  /** Sentences that a contender works on in a round. */
  readonly sentences: Readonly<Record<ShapeTask, number>>;
  readonly rounds: number;
  readonly starts: number;
}

const FULL: Amount = { sentences: { entities: 160, 'fill-mask': 32 }, rounds: 3, starts: 5 };
const QUICK: Amount = { sentences: { entities: 40, 'fill-mask': 8 }, rounds: 1, starts: 1 };

/** Padded tokens in a batch of bare onnxruntime; the fastest counts. With one, each sentence runs alone. */
const bareBatches: Readonly<Record<ShapeTask, readonly number[]>> = {
  entities: [256, 512],
  'fill-mask': [1],
};
/** Sentences in a batch of transformers.js; the fastest counts. */
const peerBatches: Readonly<Record<ShapeTask, readonly number[]>> = {
  entities: [1, 8, 32],
  'fill-mask': [1, 8],
};
const MEGABYTE = 1e6;
const stateDir = join(cacheFolder, 'bench/state');

/** Models as large as those of the Hub: our inference process beside bare onnxruntime and transformers.js. */
export const shapes: Bench = {
  name: 'shapes',
  title: 'models of 6 and 12 layers with the vocabulary of multilingual BERT',
  async run({ quick, threads, progress }) {
    const missing = howToMakeShapes();
    if (missing !== undefined) {
      progress(missing);
      return [];
    }
    const amount = quick ? QUICK : FULL;
    const figures: Figure[] = [];
    for (const shape of shapeNames) {
      for (const task of shapeTasks) {
        for (const precision of shapePrecisions) {
          const label = `${shape}, ${precision}, ${task}`;
          const location = shapeLocation(shape, task, precision);
          const say = (message: string) => progress(`${label}: ${message}`);
          const found = [
            ...(await compareStarts(location, task, amount, Math.max(...threads), say)),
            ...(await compareSpeeds(location, task, amount, Math.max(...threads), say)),
          ];
          figures.push(...found.map((figure) => ({ ...figure, name: `${label}: ${figure.name}` })));
        }
      }
    }
    return figures;
  },
};

async function compareSpeeds(
  location: ModelLocation,
  task: ShapeTask,
  { sentences: counts, rounds }: Amount,
  threads: number,
  progress: (message: string) => void,
): Promise<readonly Figure[]> {
  const chosen = documentSentences(counts[task]);
  const sentences = task === 'entities' ? chosen : chosen.map(maskWord);
  const bare = await startBare({ sentences, threads, location });
  const host = startHost({ sentences, threads, location, stateDir })[peerTask(task)];
  const peer = await startTransformersJs({
    sentences,
    threads,
    models: { [peerTask(task)]: location.path },
    dtype: location.precision ?? 'fp32',
  });
  const bares = bareBatches[task].map((batchTokens) =>
    bare.contender(
      `onnxruntime, bare, ${batchTokens === 1 ? 'one by one' : `batches of ${batchTokens} tokens`}`,
      {
        batchTokens,
      },
    ),
  );
  const peers = peerBatches[task].map((batchSize) =>
    peer.contender(`transformers.js, batches of ${batchSize}`, { task: peerTask(task), batchSize }),
  );
  const contenders: readonly Contender[] = [...bares, host, ...peers];
  const contest = new Contest(sentences.length, contenders);
  // The first round is not counted: code is compiled and memory is claimed in it.
  for (let round = 0; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    await contest.run(round > 0);
  }
  for (const one of [bare, host, peer]) await one.stop();
  const isMask = task === 'fill-mask';
  return [
    ...contenders.map((one) => ({ name: one.name, value: median(contest.speeds(one)), unit: '/s' })),
    {
      name: 'inference host / bare',
      value: contest.ratio(host, contest.fastest(bares)),
      unit: '×',
      ...(!isMask && { aim: { atLeast: 0.95 } }),
    },
    {
      name: 'inference host / transformers.js',
      value: contest.ratio(host, contest.fastest(peers)),
      unit: '×',
      aim: { atLeast: isMask ? 2.5 : 1.3 },
    },
  ];
}

const peerTask = (task: ShapeTask) => (task === 'entities' ? 'entities' : 'fillMask');

/** The inference process with the graph as it is and with a prepared one, in turns. */
async function compareStarts(
  location: ModelLocation,
  task: ShapeTask,
  { starts }: Amount,
  threads: number,
  progress: (message: string) => void,
): Promise<readonly Figure[]> {
  const [sentence = ''] = documentSentences(1);
  const ask = (host: InferenceHost): Promise<unknown> =>
    task === 'entities'
      ? host.analyze([sentence], { aggregation: 'simple' })
      : host.fillMask(maskWord(sentence), { topK: 5 });
  const measure = async (state: string | undefined): Promise<Start> => {
    const others = new Set(canReadMemory() ? childrenOf(process.pid) : []);
    const begin = performance.now();
    const host = makeHost(location, threads, state);
    await ask(host);
    const milliseconds = performance.now() - begin;
    const pid = canReadMemory() ? childrenOf(process.pid).find((child) => !others.has(child)) : undefined;
    const memory = pid === undefined ? undefined : readMemory(pid);
    await host.dispose();
    return { milliseconds, memory };
  };
  progress('preparing');
  await measure(stateDir);
  const original: Start[] = [];
  const prepared: Start[] = [];
  for (let start = 1; start <= starts; start++) {
    progress(`start ${start} of ${starts}`);
    original.push(await measure(undefined));
    prepared.push(await measure(stateDir));
  }
  return [...startFigures('as it is', original), ...startFigures('prepared', prepared)];
}

interface Start {
  /** From starting the process to its first answer. */
  readonly milliseconds: number;
  /** After that. */
  readonly memory: ProcessMemory | undefined;
}

function startFigures(name: string, starts: readonly Start[]): readonly Figure[] {
  const memories = starts.flatMap(({ memory }) => memory ?? []);
  const time = {
    name: `${name}, start to first answer`,
    value: median(starts.map((one) => one.milliseconds)),
    unit: 'ms',
  };
  if (memories.length === 0) return [time];
  const megabytes = (kind: keyof ProcessMemory) => median(memories.map((one) => one[kind])) / MEGABYTE;
  return [
    time,
    { name: `${name}, memory (RSS)`, value: megabytes('resident'), unit: 'MB' },
    { name: `${name}, most memory until then`, value: megabytes('peak'), unit: 'MB' },
  ];
}

/** The sentence with a mask in place of the word in its middle. */
function maskWord(sentence: string): string {
  const words = [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(sentence)].filter(
    ({ isWordLike }) => isWordLike,
  );
  const word = words[Math.floor(words.length / 2)];
  if (!word) return `[MASK] ${sentence}`;
  return `${sentence.slice(0, word.index)}[MASK]${sentence.slice(word.index + word.segment.length)}`;
}
