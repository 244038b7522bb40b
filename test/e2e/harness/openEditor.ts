import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findExecutable } from '../../support/executables';
import { root } from '../../support/paths';
import { workbenchUrl } from './browser';
import { startCodeServer } from './codeServer';
import { ensureWorkbench } from './workbench';

const samples = join(root, 'samples');
const firstSample = join(samples, 'mixed.md');

/** Opens the samples with the extension of this checkout: in desktop VS Code, or else in the browser. */
export async function openEditor(): Promise<void> {
  const code = findExecutable('code');
  if (code) {
    console.log('Opening samples/ in VS Code …');
    const args = [`--extensionDevelopmentPath=${root}`, '--new-window', samples, firstSample];
    spawn(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    return;
  }
  // Ending is what is expected here; the server and its folders go with this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(0));
  const server = await startCodeServer(await ensureWorkbench(console.log));
  const url = workbenchUrl(server, { folder: samples, file: firstSample, extension: root });
  console.log(`\nVS Code runs at\n\n  ${url}\n\nPress Ctrl-C to stop it.`);
  openInBrowser(url);
}

/** Where a browser can be shown; where not, the printed address has to do. */
function openInBrowser(url: string): void {
  const hasScreen =
    process.platform === 'darwin' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  const opener = findExecutable(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (!hasScreen || !opener) return;
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
