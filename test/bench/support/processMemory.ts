import { existsSync, readFileSync } from 'node:fs';

const BYTES_A_KILOBYTE = 1_024;

/** Memory of a process, in bytes. */
export interface ProcessMemory {
  /** Pages in memory, those shared with other processes included. */
  readonly resident: number;
  /** The most that `resident` ever was. */
  readonly peak: number;
  /** As `resident`, but of a page shared by n processes only an nth. */
  readonly proportional: number;
}

/** Whether this system tells the memory of other processes in `/proc`. */
export const canReadMemory = (): boolean => existsSync('/proc/self/smaps_rollup');

export function readMemory(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    resident: field(status, 'VmRSS'),
    peak: field(status, 'VmHWM'),
    proportional: field(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss'),
  };
}

/** Processes that a process started and that still run. */
export const childrenOf = (pid: number): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

function field(text: string, name: string): number {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kilobytes === undefined) throw new Error(`${name} is not told.`);
  return Number(kilobytes) * BYTES_A_KILOBYTE;
}
