import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver-protocol/node';
import { loadRules } from '../../server/src/rules/documentRules';
import { finish } from '../support/finish';
import { root } from '../support/paths';
import type { Bench } from './support/bench';
import { BenchServer } from './support/benchServer';
import { documentSentences } from './support/sentences';
import { median } from './support/statistics';

const NAMES = 100_000;
const RUNS = 5;
const SENTENCES = 2_000;

/** Names of two words, an entry a line, as *Import Gazetteer* writes them; one of them is in the document. */
const entries = Array.from({ length: NAMES }, (_, index) => {
  const text = `Item ${((index * 7919) % 1_000_003).toString(36)}q`;
  return `    { "text": "${text}", "type": "PRODUCT" }`;
});
const ruleFile = `{\n  "gazetteer": [\n${entries.join(',\n')}\n  ]\n}\n`;
const document = 'Marie Curie bought the Item 0q in Warsaw.\n';

interface Reading {
  readonly milliseconds: number;
  readonly longestStall: number;
  readonly longestBusy: number;
}

/** How long a large gazetteer takes to be read, how long the server answers nobody meanwhile, and what it costs a sentence. */
export const rules: Bench = {
  name: 'rules',
  title: `a rule file with ${NAMES.toLocaleString('en')} names`,
  async run({ quick, serverArgs, progress }) {
    const readings: Reading[] = [];
    const runs = quick ? 1 : RUNS;
    for (let run = 1; run <= runs; run++) {
      progress(`run ${run} of ${runs}`);
      readings.push(await read(serverArgs));
    }
    const medianOf = (value: (reading: Reading) => number) => median(readings.map(value));
    return [
      {
        name: 'changed file until its names are shown',
        value: medianOf((one) => one.milliseconds),
        unit: 'ms',
      },
      { name: 'longest stall meanwhile', value: medianOf((one) => one.longestStall), unit: 'ms' },
      {
        name: 'longest stall by processor time',
        value: medianOf((one) => one.longestBusy),
        unit: 'ms',
        aim: { atMost: 50 },
      },
      { name: 'finding names, a sentence', value: findNames(), unit: 'ms' },
    ];
  },
};

/** The file comes while a document is open that holds one of its names. */
async function read(serverArgs: readonly string[]): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-bench-'));
  const uri = pathToFileURL(folder).href;
  const probe = join(root, 'test/bench/support/stallProbe.cjs');
  const server = await BenchServer.start({ execArgv: [...serverArgs, '--require', probe], folder: uri });
  try {
    const lines = createInterface({ input: server.probe });
    await server.analyze(`${uri}/a.md`, document);
    const shown = server.entities(({ regions }) =>
      regions.some(({ entities }) => entities.some(({ type }) => type === 'PRODUCT')),
    );
    await writeFile(join(folder, '.subtext.json'), ruleFile);
    server.probe.write('start\n');
    const started = performance.now();
    await server.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: `${uri}/.subtext.json`, type: FileChangeType.Created }],
    });
    await shown;
    const milliseconds = performance.now() - started;
    const answer = once(lines, 'line');
    server.probe.write('stop\n');
    const { stalls, longestBusy } = JSON.parse(String((await answer)[0]));
    lines.close();
    return { milliseconds, longestStall: stalls[0]?.milliseconds ?? 0, longestBusy };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds of processor time. */
function findNames(): number {
  const { gazetteer } = finish(loadRules(ruleFile));
  const sentences = documentSentences(SENTENCES);
  const before = process.cpuUsage();
  for (const sentence of sentences) gazetteer?.find(sentence);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / sentences.length;
}
