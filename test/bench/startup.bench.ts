import type { Bench } from './support/bench';
import { BenchServer } from './support/benchServer';
import { median } from './support/statistics';

const STARTS = 9;
const QUICK_STARTS = 3;
const TEXT = 'Marie Curie was born in Warsaw and worked at the University of Paris.\n';

/** From starting the server process until the entities of a short document, opened at once, are received. */
export const startup: Bench = {
  name: 'startup',
  title: 'server start → first result',
  async run({ quick, serverArgs, progress }) {
    const initialized: number[] = [];
    const published: number[] = [];
    for (let i = quick ? QUICK_STARTS : STARTS; i > 0; i--) {
      progress(`${i} to go`);
      const server = await BenchServer.start({ execArgv: serverArgs });
      initialized.push(performance.now() - server.startedAt);
      const entities = server.entities(({ regions }) => regions.some((region) => region.entities.length > 0));
      await server.open('file:///bench/short.md', TEXT);
      await entities;
      published.push(performance.now() - server.startedAt);
      await server.stop();
    }
    return [
      {
        name: 'first entities published, median',
        value: median(published),
        unit: 'ms',
        aim: { atMost: 1_000 },
      },
      { name: 'first entities published, slowest', value: Math.max(...published), unit: 'ms' },
      { name: 'answer to initialize, median', value: median(initialized), unit: 'ms' },
    ];
  },
};
