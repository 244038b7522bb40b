import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSuite } from '../e2e/harness/bundleSuite';
import { runInWorkbench } from '../e2e/harness/runSuite';
import { findWorkbench, type Workbench } from '../e2e/harness/workbench';
import { findBrowser } from '../support/executables';
import { cacheFolder, root } from '../support/paths';
import type { Bench, Figure } from './support/bench';
import { type ClientPlan, type ClientTimes, planVariable, type TypingPlan } from './support/clientPlan';
import { makeMarkdownDocument } from './support/markdownDocument';
import { createRandom } from './support/random';
import { median, percentile } from './support/statistics';

const sizes = [1_000, 10_000, 100_000] as const;
const LARGE_BYTES = 1e6;
/** Each in a workbench of its own: an extension is activated once, and an analysed text is known. */
const RUNS = 3;
const KEYSTROKES_A_RUN = 50;
const QUICK_KEYSTROKES = 20;
/** Typed first and not counted: code is compiled and caches are filled on the way. */
const WARM_UP_KEYSTROKES = 10;
/** Between the answer to one keystroke and the next one; a fast typist needs about 80 ms for each. */
const PAUSE_MILLISECONDS = 40;
const RUN_TIMEOUT = 5 * 60_000;
const SEED = 11;

/** What a person waits for in a workbench in the browser, by the interface of the extension for other extensions. */
export const client: Bench = {
  name: 'client',
  title: 'in the workbench: activation, keystroke → updated marks, opening 1 MB',
  async run({ quick, progress }) {
    const workbench = findBrowser() ? await findWorkbench() : undefined;
    if (!workbench) {
      progress('skipped: it needs a browser, and the workbench that `npm test -- e2e` installs');
      return [];
    }
    const suite = await bundleSuite(
      join(root, 'test/bench/support/clientProbe.ts'),
      join(cacheFolder, 'bench/clientProbe.js'),
    );
    const keystrokes = quick ? QUICK_KEYSTROKES : KEYSTROKES_A_RUN;
    const runs: ClientTimes[] = [];
    for (let i = quick ? 1 : RUNS; i > 0; i--) {
      progress(`${i} to go`);
      runs.push(await runOnce(workbench, suite, keystrokes));
    }
    return toFigures(runs);
  },
};

async function runOnce(workbench: Workbench, suite: string, keystrokes: number): Promise<ClientTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-bench-'));
  const workspace = join(folder, 'workspace');
  try {
    await mkdir(workspace);
    const put = async (name: string, text: string): Promise<string> => {
      await writeFile(join(workspace, name), text);
      return name;
    };
    const plan: ClientPlan = {
      results: join(folder, 'results.json'),
      warmUp: await put('short.md', 'Marie Curie was born in Warsaw.\n'),
      large: await put('large.md', makeMarkdownDocument({ bytes: LARGE_BYTES }).text),
      typing: await Promise.all(
        sizes.map(async (words): Promise<TypingPlan> => {
          const { text, places } = makeMarkdownDocument({ words });
          const random = createRandom(SEED);
          const chosen = Array.from({ length: keystrokes + WARM_UP_KEYSTROKES }, () => random.pick(places));
          return {
            file: await put(`${words}.md`, text),
            words,
            places: chosen.sort((a, b) => b.offset - a.offset),
            uncounted: WARM_UP_KEYSTROKES,
            pauseMilliseconds: PAUSE_MILLISECONDS,
          };
        }),
      ),
    };
    const planFile = join(folder, 'plan.json');
    await writeFile(planFile, JSON.stringify(plan));
    const options = {
      extension: await makeSleepingExtension(join(folder, 'extension')),
      suite,
      folder: workspace,
      // Measured is the answer, not the wait until a word is left.
      settings: { 'subtext.typing.waitForWord': false },
      timeout: RUN_TIMEOUT,
    };
    const failure = await runInWorkbench(workbench, options, { [planVariable]: planFile });
    if (failure !== undefined) throw new Error(`The workbench did not run to its end: ${failure}`);
    return JSON.parse(await readFile(plan.results, 'utf8')) as ClientTimes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** This checkout as an extension that the editor does not activate by itself, so that the probe can. */
async function makeSleepingExtension(folder: string): Promise<string> {
  await mkdir(folder);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  const others = (await readdir(root)).filter((name) => !name.startsWith('.') && name !== 'package.json');
  await Promise.all(others.map((name) => symlink(join(root, name), join(folder, name))));
  return folder;
}

function toFigures(runs: readonly ClientTimes[]): readonly Figure[] {
  const of = (key: 'activation' | 'opening' | 'visible' | 'all') => median(runs.map((run) => run[key]));
  return [
    { name: 'activation, median', value: of('activation'), unit: 'ms', aim: { atMost: 60 } },
    ...sizes.flatMap((words): Figure[] => {
      const typing = runs.flatMap((run) => run.typing.filter((one) => one.words === words));
      const fromEvent = typing.flatMap((one) => one.fromEvent);
      const fromKey = typing.flatMap((one) => one.fromKey);
      const name = `keystroke, ${words / 1_000}k words`;
      return [
        { name: `${name}, median`, value: median(fromEvent), unit: 'ms' },
        { name: `${name}, p95`, value: percentile(fromEvent, 0.95), unit: 'ms', aim: { atMost: 80 } },
        { name: `${name}, p95 from the key`, value: percentile(fromKey, 0.95), unit: 'ms' },
      ];
    }),
    { name: '1 MB, marks in sight', value: of('visible'), unit: 'ms', aim: { atMost: 400 } },
    { name: '1 MB, all marks', value: of('all'), unit: 'ms' },
    { name: '1 MB, until the editor has opened it', value: of('opening'), unit: 'ms' },
  ];
}
