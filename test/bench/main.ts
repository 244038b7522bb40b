import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { client } from './client.bench';
import { fill } from './fill.bench';
import { idle } from './idle.bench';
import { keystroke } from './keystroke.bench';
import { memory } from './memory.bench';
import { packageSize } from './packageSize.bench';
import { products } from './products.bench';
import { rules } from './rules.bench';
import { shapes } from './shapes.bench';
import { stall } from './stall.bench';
import { startup } from './startup.bench';
import type { Bench, Figure } from './support/bench';
import { formatFigures, formatMarkdown } from './support/report';
import { throughput } from './throughput.bench';

/** From this load average on, other programs disturb. */
const BUSY_LOAD = 0.5;

const benches: readonly Bench[] = [
  keystroke,
  client,
  stall,
  throughput,
  fill,
  rules,
  shapes,
  products,
  startup,
  memory,
  idle,
  packageSize,
];

const usage = `npm run bench [-- BENCHES… --quick --threads N --json FILE --markdown FILE --server-arg ARG …]

${benches.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join('\n')}

  --quick       few repetitions
  --threads     threads for inference in \`throughput\`; may be given several times (default 1 and 2); \`shapes\` takes the most
  --json        writes the figures to a file, too
  --markdown    writes the tables to a file, too
  --server-arg  an option of Node.js for the server, e.g. --server-arg=--cpu-prof`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    threads: { type: 'string', multiple: true, default: ['1', '2'] },
    json: { type: 'string' },
    markdown: { type: 'string' },
    'server-arg': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const threads = values.threads.map(Number);
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
if (values.help || unknown.length > 0 || threads.some((count) => !Number.isInteger(count) || count < 1)) {
  if (unknown.length > 0) console.error(`No bench ${unknown.join(', ')}.\n`);
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

async function runBenches(chosen: readonly Bench[]): Promise<void> {
  const { version, platform, arch } = process;
  const machine = `Node ${version}, ${platform} ${arch}, ${availableParallelism()} processors`;
  const load = loadavg()[0] ?? 0;
  console.log(
    `${machine}, load ${load.toFixed(1)}${load > BUSY_LOAD ? ': the machine is busy, so these figures are rough' : ''}`,
  );
  const results: Record<string, readonly Figure[]> = {};
  const tables: string[] = [`${machine}.\n`];
  for (const bench of chosen) {
    console.log(`\n${bench.name}: ${bench.title}`);
    const figures = await bench.run({
      quick: values.quick,
      threads,
      serverArgs: values['server-arg'],
      progress: (message) => console.error(`  … ${message}`),
    });
    results[bench.name] = figures;
    if (figures.length === 0) continue;
    console.log(formatFigures(figures));
    tables.push(`### ${bench.name}: ${bench.title}\n\n${formatMarkdown(figures)}\n`);
  }
  if (values.markdown !== undefined) writeFileSync(values.markdown, tables.join('\n'));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

runBenches(benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))).catch(
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
