import { join } from 'node:path';
import { bundledModelId } from '../../server/src/core/model';
import { bundledLocation, readModelFolder } from '../../server/src/models/modelFolder';
import { root } from '../support/paths';
import type { Bench } from './support/bench';
import { makeHost } from './support/contenders';
import { documentSentences } from './support/sentences';
import { median, percentile } from './support/statistics';

const SENTENCES = 100;
const QUICK_SENTENCES = 10;
/** As many as the editor asks for. */
const TOP = 30;

/** How long suggestions for a masked word take, of one and of several word pieces, without the editor around it. */
export const fill: Bench = {
  name: 'fill',
  title: 'suggestions for one masked word of a sentence, bundled model',
  async run({ quick, threads, progress }) {
    const count = Math.max(...threads);
    const location = bundledLocation(join(root, 'models'), bundledModelId);
    const { maskToken } = readModelFolder(location).description;
    const host = makeHost(location, count);
    try {
      const texts = documentSentences(quick ? QUICK_SENTENCES : SENTENCES).map((text) =>
        maskWord(text, maskToken),
      );
      // The head for masks is loaded when it is first asked for, and the vocabulary is looked at then.
      await host.fillWords(texts[0] ?? maskToken, { masks: [{ index: 0 }], topK: TOP });
      const times: number[] = [];
      progress(`${texts.length} sentences`);
      for (const text of texts) {
        const start = performance.now();
        await host.fillWords(text, { masks: [{ index: 0 }], topK: TOP });
        times.push(performance.now() - start);
      }
      return [
        { name: `p50, ${count} threads`, value: median(times), unit: 'ms', aim: { atMost: 150 } },
        { name: `p95, ${count} threads`, value: percentile(times, 0.95), unit: 'ms' },
      ];
    } finally {
      await host.dispose();
    }
  },
};

/** Masks the word in the middle of a sentence. */
function maskWord(text: string, maskToken: string): string {
  const words = text.split(' ');
  return words.map((word, i) => (i === Math.floor(words.length / 2) ? maskToken : word)).join(' ');
}
