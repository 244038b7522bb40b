import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFolder, root } from '../../test/support/paths';
import {
  browser,
  desktopEditor,
  emacs,
  emulator,
  neovim,
  networkTracer,
  softwareVulkan,
  trainingPython,
  workbench,
} from './requirements';
import { type Counts, runVisibly, type Stage } from './stage';

/** All stages in the order in which they run: what fails fastest comes first. */
export const stages: readonly Stage[] = [
  check('build', ['scripts/build.mjs']),
  check('types', [binary('typescript', 'tsc'), '--noEmit']),
  check('lint', [binary('@biomejs/biome', 'biome'), 'check', '--diagnostic-level=warn']),
  check('manifest', ['scripts/manifest.mjs', '--check']),
  // Unit tests share no state, so they need no process of their own each; native modules do.
  vitest('unit', [], ['--pool=threads', '--no-isolate']),
  vitest('protocol'),
  vitest('model', [networkTracer, softwareVulkan, emulator, trainingPython]),
  vitest('package'),
  vitest('editors', [neovim, emacs]),
  vitest('e2e', [browser, workbench, desktopEditor]),
];

/** A command that fails or not: one case. */
function check(name: string, args: readonly string[]): Stage {
  return {
    name,
    requirements: [],
    run: async () => {
      const passed = await runVisibly(args);
      return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
    },
  };
}

/** A Vitest project of the same name. */
function vitest(
  name: string,
  requirements: Stage['requirements'] = [],
  options: readonly string[] = [],
): Stage {
  return {
    name,
    requirements,
    run: async () => {
      const report = join(cacheFolder, 'test', `${name}.json`);
      await mkdir(dirname(report), { recursive: true });
      await rm(report, { force: true });
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const args = [binary('vitest', 'vitest'), 'run', '--project', name, ...options, ...reporters];
      const passed = await runVisibly(args);
      const counts = await readCounts(report);
      // A file that fails to load, or an error outside of every case, counts as one.
      return passed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
    },
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** A report that is missing means that no case ran. */
async function readCounts(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const report = JSON.parse(text) as VitestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** The script behind a command of an installed package. */
function binary(packageName: string, command: string): string {
  const manifest = createRequire(import.meta.url).resolve(
    join(root, 'node_modules', packageName, 'package.json'),
  );
  const { bin } = createRequire(import.meta.url)(manifest) as { bin: Record<string, string> };
  const script = bin[command];
  if (script === undefined) throw new Error(`${packageName} has no command ${command}.`);
  return join(dirname(manifest), script);
}
