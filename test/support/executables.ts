import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The path of a program, or undefined where it is not on PATH. @param name a name or an absolute path. */
export function findExecutable(name: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = isAbsolute(name) ? [''] : (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    for (const extension of extensions) {
      const path = join(folder, name + extension);
      if (isExecutableFile(path)) return path;
    }
  }
  return undefined;
}

/** A Chromium or Chrome that Playwright can drive: the one that `CHROMIUM` names, else an installed one. */
export function findBrowser(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named) return findExecutable(named);
  const candidates = [
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ];
  for (const candidate of candidates) {
    const found = findExecutable(candidate);
    if (found) return found;
  }
  return undefined;
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
