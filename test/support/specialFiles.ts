import { execFileSync } from 'node:child_process';

/** Windows has neither named pipes in folders nor devices as files. */
export const hasSpecialFiles = process.platform !== 'win32';

/** A named pipe that nobody writes into: whoever reads it as a file waits for ever. */
export function makePipe(path: string): void {
  execFileSync('mkfifo', [path]);
}

/** A device that never ends. */
export const endlessDevice = '/dev/zero';
