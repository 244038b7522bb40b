import type { Bench } from './support/bench';
import { BenchServer } from './support/benchServer';
import { makeMarkdownDocument } from './support/markdownDocument';
import { canReadMemory, childrenOf, type ProcessMemory, readMemory } from './support/processMemory';
import { median } from './support/statistics';

const WORDS = 100_000;
const RUNS = 3;
const MEGABYTE = 1e6;

/** Memory of the server and its inference process, just after a document of 100,000 words was analysed. */
export const memory: Bench = {
  name: 'memory',
  title: 'memory of server and inference process after 100k words',
  async run({ quick, serverArgs, progress }) {
    if (!canReadMemory()) {
      progress('skipped: only Linux tells the memory of other processes in /proc');
      return [];
    }
    const { text } = makeMarkdownDocument({ words: WORDS });
    const runs: { readonly server: ProcessMemory; readonly inference: ProcessMemory }[] = [];
    for (let i = quick ? 1 : RUNS; i > 0; i--) {
      progress(`${i} to go`);
      const server = await BenchServer.start({ execArgv: serverArgs });
      await server.analyze('file:///bench/large.md', text);
      const [child] = childrenOf(server.pid);
      if (child === undefined) throw new Error('There is no inference process.');
      runs.push({ server: readMemory(server.pid), inference: readMemory(child) });
      await server.stop();
    }
    const of = (process: 'server' | 'inference', kind: keyof ProcessMemory): number =>
      median(runs.map((run) => run[process][kind])) / MEGABYTE;
    const both = (kind: keyof ProcessMemory): number => of('server', kind) + of('inference', kind);
    return [
      { name: 'both, resident (RSS)', value: both('resident'), unit: 'MB', aim: { atMost: 250 } },
      { name: 'both, shared pages divided (PSS)', value: both('proportional'), unit: 'MB' },
      { name: 'both, sum of peaks', value: both('peak'), unit: 'MB' },
      { name: 'server, resident', value: of('server', 'resident'), unit: 'MB' },
      { name: 'inference, resident', value: of('inference', 'resident'), unit: 'MB' },
    ];
  },
};
