import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { findExecutable } from '../../support/executables';
import { cacheFolder } from '../../support/paths';

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
