import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { cacheFolder } from '../../support/paths';
import { openBrowser, workbenchUrl } from './browser';
import { startCodeServer } from './codeServer';
import type { Workbench } from './workbench';

/** One test case of a suite that ran inside an extension host; the suite writes these as JSON. */
export interface CaseResult {
  /** Titles of its suites and its own, joined. */
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'pending';
  readonly duration: number;
  /** The stack of what it failed with. */
  readonly error?: string;
}

export interface SuiteRun {
  readonly cases: readonly CaseResult[];
  /** Why the suite did not run to its end, with the last lines that it printed. */
  readonly failure?: string;
}

/** Name of the environment variable with the file that the suite writes its results to. */
export const resultsVariable = 'SUBTEXT_SUITE_RESULTS';

export interface SuiteOptions {
  /** Absolute paths: the extension's folder, the bundled suite, the folder to open. */
  readonly extension: string;
  readonly suite: string;
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly timeout: number;
}

/** Runs a bundled Mocha suite inside the extension host of a workbench in the browser. */
export function runSuiteInWorkbench(workbench: Workbench, options: SuiteOptions): Promise<SuiteRun> {
  return withResults((results) => runInWorkbench(workbench, options, { [resultsVariable]: results }));
}

/**
 * Calls a bundled module's `run` inside the extension host of a workbench in the browser.
 * @returns what went wrong, if something did.
 */
export async function runInWorkbench(
  workbench: Workbench,
  options: SuiteOptions,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const { extension, suite, folder, settings = {}, timeout } = options;
  const server = await startCodeServer(workbench, { settings, environment });
  const printed: string[] = [];
  try {
    const view = await openBrowser();
    const { page } = view;
    try {
      let exit: (code: number) => void;
      const exited = new Promise<number>((resolve) => {
        exit = resolve;
      });
      // The workbench calls these two for a test run that it was asked for by its payload.
      await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[] = []) => {
        printed.push(format(...args));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => exit(code));
      await page.goto(workbenchUrl(server, { folder, extension, tests: suite }));
      const code = await Promise.race([exited, timer(timeout)]);
      if (code === 0) return undefined;
      const evidence = join(cacheFolder, 'e2e/suite-run');
      await server.saveLogs(evidence);
      await page.screenshot({ path: join(evidence, 'screenshot.png') });
      const what = code === undefined ? `not finished after ${timeout / 1000} s` : `exit code ${code}`;
      return `${what}; logs and a screenshot are in ${evidence}\n${printed.slice(-40).join('\n')}`;
    } finally {
      await view.close();
    }
  } finally {
    await server.stop();
  }
}

/**
 * Makes the file for the results, and reads it after the run.
 * @param run gets its path, and answers what went wrong.
 */
export async function withResults(run: (results: string) => Promise<string | undefined>): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-suite-'));
  try {
    const file = join(folder, 'results.json');
    const failure = await run(file);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return { cases: [], failure: failure ?? 'The suite wrote no results.' };
    const cases = JSON.parse(text) as CaseResult[];
    // Failed cases speak for themselves; only a run that broke off needs words of its own.
    const explained = cases.some(({ state }) => state === 'failed');
    return failure === undefined || explained ? { cases } : { cases, failure };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function timer(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), milliseconds).unref();
  });
}
