import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './support/bench';
import { BenchServer } from './support/benchServer';
import { makeMarkdownDocument } from './support/markdownDocument';
import { canReadMemory, childrenOf } from './support/processMemory';
import { readProcessorTime } from './support/processorTime';

const WORDS = 10_000;
const SECONDS = 60;
const QUICK_SECONDS = 30;
/** Garbage collection and compilation after the work are not idleness yet. */
const SETTLING_MILLISECONDS = 5_000;

/** Processor time of the server and its inference process while nobody touches the analysed document. */
export const idle: Bench = {
  name: 'idle',
  title: 'processor time while nothing happens',
  async run({ quick, serverArgs, progress }) {
    if (!canReadMemory()) {
      progress('skipped: only Linux tells the times of other processes in /proc');
      return [];
    }
    const server = await BenchServer.start({ execArgv: serverArgs });
    const uri = 'file:///bench/idle.md';
    await server.analyze(uri, makeMarkdownDocument({ words: WORDS }).text);
    await server.view({ uri, version: 1, active: true, visible: [{ start: 0, end: 2_000 }], cursor: 0 });
    await sleep(SETTLING_MILLISECONDS);
    const processes = [server.pid, ...childrenOf(server.pid)];
    const seconds = quick ? QUICK_SECONDS : SECONDS;
    progress(`waiting ${seconds} s`);
    const [start, before] = [performance.now(), processes.map(readProcessorTime)];
    await sleep(seconds * 1_000);
    const [elapsed, after] = [performance.now() - start, processes.map(readProcessorTime)];
    await server.stop();
    const shares = after.map((time, index) => ((time - (before[index] ?? 0)) / elapsed) * 100);
    const [ofServer = 0, ...ofInference] = shares;
    const inference = ofInference.reduce((sum, share) => sum + share, 0);
    return [
      { name: 'both, of one processor', value: ofServer + inference, unit: '%', aim: { atMost: 1 } },
      { name: 'server', value: ofServer, unit: '%' },
      { name: 'inference', value: inference, unit: '%' },
    ];
  },
};
