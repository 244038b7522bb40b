import { join } from 'node:path';
import { bundledModelId } from '../../server/src/core/model';
import { bundledLocation } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import type { Bench, Figure } from './support/bench';
import { startHost } from './support/contenders';
import { Contest } from './support/contest';
import { makeMarkdownDocument } from './support/markdownDocument';
import { sentencesOf } from './support/sentences';
import { median } from './support/statistics';

const WORDS = 8_000;
const QUICK_WORDS = 2_000;
const ROUNDS = 7;
const QUICK_ROUNDS = 1;

/** What exact products of 8-bit integers cost: something where those with signed weights saturate, else nothing. */
export const products: Bench = {
  name: 'products',
  title: 'sentences per second, with exact products of 8-bit integers and as the processor is fastest',
  async run({ quick, threads, progress }) {
    const { text } = makeMarkdownDocument({ words: quick ? QUICK_WORDS : WORDS });
    const sentences = [...new Set(sentencesOf(text))];
    const location = bundledLocation(join(root, 'models'), bundledModelId);
    const figures: Figure[] = [];
    for (const count of threads) {
      const start = (exactProducts: boolean) =>
        startHost({ sentences, threads: count, location, exactProducts });
      const [exactHost, fastHost] = [start(true), start(false)];
      const [exact, fast] = [exactHost.entities, fastHost.entities];
      const contest = new Contest(sentences.length, [exact, fast]);
      const rounds = quick ? QUICK_ROUNDS : ROUNDS;
      // The first round is not counted: code is compiled and memory is claimed in it.
      for (let round = 0; round <= rounds; round++) {
        progress(`${count} threads, round ${round} of ${rounds}`);
        await contest.run(round > 0);
      }
      for (const host of [exactHost, fastHost]) await host.stop();
      const label = count === 1 ? '1 thread' : `${count} threads`;
      figures.push(
        { name: `${label}: exact products`, value: median(contest.speeds(exact)), unit: '/s' },
        { name: `${label}: the fastest products`, value: median(contest.speeds(fast)), unit: '/s' },
        { name: `${label}: exact / fastest`, value: contest.ratio(exact, fast), unit: '×' },
      );
    }
    return figures;
  },
};
