import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { CaseResult } from '../harness/runSuite';

const caseTimeout = 30_000;

/**
 * Called inside the extension host by either launcher. Rejects when a case failed, as both expect it; the
 * results of all cases go to the file that the launcher named.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: caseTimeout, reporter: 'spec', color: false });
  // Defines `describe`, `it` and the hooks, which the modules call while they are loaded.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./cases');

  const results: CaseResult[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('test end', (test) => results.push(toResult(test)));
    // A failing hook has no test of its own, but must not go unseen.
    runner.on('fail', (test, error) => {
      if ((test as Mocha.Test | Mocha.Hook).type === 'hook')
        results.push({ ...toResult(test), state: 'failed', error: toText(error) });
    });
  });
  const file = process.env['SUBTEXT_SUITE_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} cases failed.`);
}

function toResult(test: Mocha.Runnable): CaseResult {
  const result = {
    title: test.titlePath().join(' › '),
    state: test.state ?? 'pending',
    duration: test.duration ?? 0,
  } as const;
  const { err } = test as { err?: unknown };
  return err === undefined ? result : { ...result, error: toText(err) };
}

const toText = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
