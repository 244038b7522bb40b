import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { findExecutable } from '../../support/executables';
import { cacheFolder } from '../../support/paths';
import { runToEnd } from '../../support/processes';
import { cleanEnvironment, quietSettings } from './environment';
import { resultsVariable, type SuiteOptions, type SuiteRun, withResults } from './runSuite';

/** How to start desktop VS Code, or why that is not possible here. */
export type DesktopEditor =
  | {
      readonly executable: string;
      /** Must be started under a virtual screen. */
      readonly needsScreen: boolean;
    }
  | { readonly reason: string };

/** The download is given up when no data came for so long. */
const idleTimeout = 15_000;

/** Downloads desktop VS Code where it is missing and its host can be reached. */
export async function findDesktopEditor(): Promise<DesktopEditor> {
  const hasScreen =
    process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  if (!hasScreen && !findExecutable('xvfb-run'))
    return { reason: 'no screen, and no xvfb-run for a virtual one' };
  try {
    const executable = await downloadAndUnzipVSCode({
      cachePath: join(cacheFolder, 'vscode'),
      timeout: idleTimeout,
      reporter: { report: () => {}, error: () => {} },
    });
    return { executable, needsScreen: !hasScreen };
  } catch {
    return { reason: 'VS Code could not be downloaded' };
  }
}

/** Runs a bundled Mocha suite inside the extension host of desktop VS Code. */
export async function runSuiteInDesktopEditor(
  editor: Extract<DesktopEditor, { executable: string }>,
  { extension, suite, folder, settings = {}, timeout }: SuiteOptions,
): Promise<SuiteRun> {
  const userData = await mkdtemp(join(tmpdir(), 'subtext-desktop-'));
  try {
    await mkdir(join(userData, 'User'), { recursive: true });
    await writeFile(join(userData, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
    return await withResults(async (results) => {
      const args = [
        ...(editor.needsScreen ? ['--auto-servernum', editor.executable] : []),
        folder,
        ...[`--user-data-dir=${userData}`, `--extensions-dir=${join(userData, 'extensions')}`],
        ...['--no-sandbox', '--disable-gpu', '--disable-updates', '--disable-workspace-trust'],
        ...['--skip-welcome', '--skip-release-notes'],
        `--extensionDevelopmentPath=${extension}`,
        `--extensionTestsPath=${suite}`,
      ];
      const { code, timedOut, stdout, stderr } = await runToEnd(
        editor.needsScreen ? 'xvfb-run' : editor.executable,
        args,
        { timeout, env: { ...cleanEnvironment(), [resultsVariable]: results } },
      );
      if (code === 0) return undefined;
      const what = timedOut ? `not finished after ${timeout / 1000} s` : `exit code ${code}`;
      return `${what}\n${lastLines(stdout)}\n${lastLines(stderr)}`;
    });
  } finally {
    await rm(userData, { recursive: true, force: true });
  }
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-30).join('\n');
