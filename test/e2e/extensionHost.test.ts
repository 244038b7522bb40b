import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../support/executables';
import { root } from '../support/paths';
import { bundleSuite } from './harness/bundleSuite';
import { findDesktopEditor, runSuiteInDesktopEditor } from './harness/desktopEditor';
import { runSuiteInWorkbench, type SuiteOptions, type SuiteRun } from './harness/runSuite';
import { findWorkbench } from './harness/workbench';

/*
 * One Mocha suite inside the extension host of two editors. It runs while this file is collected, so that each
 * of its cases is a case here, too.
 */

const suiteTimeout = 240_000;

const suite = await bundleSuite();
const workbench = findBrowser() ? await findWorkbench() : undefined;
const desktop = await findDesktopEditor();

const inWorkbench = workbench && (await withWorkspace((options) => runSuiteInWorkbench(workbench, options)));
report('in the workbench', inWorkbench);

const inDesktop =
  'executable' in desktop
    ? await withWorkspace((options) => runSuiteInDesktopEditor(desktop, options))
    : undefined;
report(
  'reason' in desktop ? `in desktop VS Code (skipped: ${desktop.reason})` : 'in desktop VS Code',
  inDesktop,
);

/** Runs the suite on a folder of its own, a copy of the samples. */
async function withWorkspace(run: (options: SuiteOptions) => Promise<SuiteRun>): Promise<SuiteRun> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-workspace-'));
  try {
    await cp(join(root, 'samples'), folder, { recursive: true });
    return await run({ extension: root, suite, folder, timeout: suiteTimeout });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(where: string, run: SuiteRun | undefined): void {
  describe.skipIf(!run)(where, () => {
    test('the suite runs to its end', () => {
      expect(run?.failure).toBeUndefined();
      expect(run?.cases.length).toBeGreaterThan(0);
    });
    for (const { title, state, error } of run?.cases ?? []) {
      test.skipIf(state === 'pending')(title, () => {
        if (state !== 'passed') throw new Error(error ?? state);
      });
    }
  });
}
