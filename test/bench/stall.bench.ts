import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../support/paths';
import type { Bench } from './support/bench';
import { BenchServer } from './support/benchServer';
import { makeMarkdownDocument } from './support/markdownDocument';
import { median } from './support/statistics';

const BYTES = 1_000_000;
const RUNS = 5;

/** What stallProbe.cjs answers. Milliseconds; the longest stalls first. */
interface StallReport {
  readonly stalls: readonly {
    readonly start: number;
    readonly milliseconds: number;
    readonly garbageCollection: number;
  }[];
  /** Processor time of the server in the stall that has most of it. */
  readonly longestBusy: number;
  readonly collections: { readonly longest: number; readonly total: number };
}

/** The longest time the server answers nobody while it analyses a file of 1 MB from opening to `complete`. */
export const stall: Bench = {
  name: 'stall',
  title: 'event loop of the server while a 1 MB Markdown file is analysed',
  async run({ quick, serverArgs, progress }) {
    const { text } = makeMarkdownDocument({ bytes: BYTES });
    const reports: StallReport[] = [];
    const runs = quick ? 1 : RUNS;
    for (let run = 1; run <= runs; run++) {
      progress(`run ${run} of ${runs}`);
      reports.push(await measure(text, serverArgs));
    }
    const longest = reports.map(({ stalls }) => stalls[0]?.milliseconds ?? 0);
    return [
      { name: 'longest stall, median of the runs', value: median(longest), unit: 'ms', aim: { atMost: 25 } },
      { name: 'longest stall, worst run', value: Math.max(...longest), unit: 'ms' },
      {
        name: 'longest stall by processor time, median',
        value: median(reports.map(({ longestBusy }) => longestBusy)),
        unit: 'ms',
      },
      {
        name: 'garbage collection in the longest stall',
        value: median(reports.map(({ stalls }) => stalls[0]?.garbageCollection ?? 0)),
        unit: 'ms',
      },
      {
        name: 'tenth longest stall',
        value: median(reports.map(({ stalls }) => stalls[9]?.milliseconds ?? 0)),
        unit: 'ms',
      },
      {
        name: 'garbage collection in all',
        value: median(reports.map(({ collections }) => collections.total)),
        unit: 'ms',
      },
    ];
  },
};

async function measure(text: string, serverArgs: readonly string[]): Promise<StallReport> {
  const probe = join(root, 'test/bench/support/stallProbe.cjs');
  const server = await BenchServer.start({ execArgv: [...serverArgs, '--require', probe] });
  const lines = createInterface({ input: server.probe });
  // What belongs to the start and not to the file is over once a first document is analysed.
  await server.analyze('file:///bench/warm-up.md', 'Marie Curie was born in Warsaw.\n');
  server.probe.write('start\n');
  await server.analyze('file:///bench/large.md', text);
  const answer = once(lines, 'line');
  server.probe.write('stop\n');
  const [line] = await answer;
  lines.close();
  await server.stop();
  return JSON.parse(String(line)) as StallReport;
}
