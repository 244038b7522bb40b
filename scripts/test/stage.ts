import { spawn } from 'node:child_process';
import { root } from '../../test/support/paths';

/** Counts of test cases. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Something that a stage needs from the machine and that `npm` does not install. */
export interface Requirement {
  /** What is missing, as it stands in the summary. */
  readonly name: string;
  /** What a person can do about it. */
  readonly remedy: string;
  /** Whether CI may go without it. */
  readonly optionalInCi?: true;
  /** Looks for it, or gets it. @returns why it cannot be had; undefined where all is well. */
  check(): string | undefined | Promise<string | undefined>;
}

/** One part of the whole test run. */
export interface Stage {
  readonly name: string;
  /** Without these, some or all of its cases skip themselves. */
  readonly requirements: readonly Requirement[];
  run(): Promise<Counts>;
}

/** No stage may hang the run; the longest takes a small part of this. */
const stageTimeout = 10 * 60_000;

/** Runs a program with its output on this terminal. @returns whether it ended well. */
export function runVisibly(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      // Some tools colour what they print whenever CI is set, even into a file.
      env: process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const timer = setTimeout(() => {
      console.error(`Stopped: longer than ${stageTimeout / 60_000} minutes.`);
      child.kill('SIGKILL');
    }, stageTimeout);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}
