import { expect, test } from 'vitest';
import { BenchServer } from '../bench/support/benchServer';
import { makeMarkdownDocument } from '../bench/support/markdownDocument';
import { canReadMemory, childrenOf, readMemory } from '../bench/support/processMemory';

/** Tools of this kind are blamed for taking more than a gigabyte. `npm run bench` measures what ours takes: far less. */
const GIGABYTE = 1e9;

test.skipIf(!canReadMemory())('server and inference together never take half a gigabyte', async () => {
  const server = await BenchServer.start();
  try {
    const { text } = makeMarkdownDocument({ words: 5_000 });
    await server.analyze('file:///large.md', text);
    const processes = [server.pid, ...childrenOf(server.pid)];
    expect(processes.length).toBe(2);
    const peaks = processes.map((pid) => readMemory(pid).peak);
    expect(peaks.reduce((sum, peak) => sum + peak, 0)).toBeLessThan(GIGABYTE / 2);
  } finally {
    await server.stop();
  }
});
