import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledModelId } from '../../server/src/core/model';
import type { WeightSign } from '../../server/src/graphs/unsignedWeights';
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

/** What it costs to use 8-bit weights as unsigned ones, as is done where products with signed ones saturate. */
export const products: Bench = {
  name: 'products',
  title: 'sentences per second, with signed and with unsigned 8-bit weights',
  async run({ quick, threads, progress }) {
    const { text } = makeMarkdownDocument({ words: quick ? QUICK_WORDS : WORDS });
    const sentences = [...new Set(sentencesOf(text))];
    const location = bundledLocation(join(root, 'models'), bundledModelId);
    const stateDir = await mkdtemp(join(tmpdir(), 'subtext-products-'));
    const figures: Figure[] = [];
    for (const count of threads) {
      const hosts = (['signed', 'unsigned'] as const).map((weightSign: WeightSign) => ({
        ...startHost({ sentences, threads: count, location, stateDir, weightSign }),
        weightSign,
      }));
      const [signed, unsigned] = hosts.map(({ entities }) => entities);
      if (!signed || !unsigned) throw new Error('There are two ways.');
      const contest = new Contest(sentences.length, [signed, unsigned]);
      const rounds = quick ? QUICK_ROUNDS : ROUNDS;
      // The first round is not counted: graphs are prepared, code is compiled and memory is claimed in it.
      for (let round = 0; round <= rounds; round++) {
        progress(`${count} threads, round ${round} of ${rounds}`);
        await contest.run(round > 0);
      }
      for (const host of hosts) await host.stop();
      const label = count === 1 ? '1 thread' : `${count} threads`;
      figures.push(
        { name: `${label}: signed weights`, value: median(contest.speeds(signed)), unit: '/s' },
        { name: `${label}: unsigned weights`, value: median(contest.speeds(unsigned)), unit: '/s' },
        { name: `${label}: unsigned / signed`, value: contest.ratio(unsigned, signed), unit: '×' },
      );
    }
    await rm(stateDir, { recursive: true });
    return figures;
  },
};
