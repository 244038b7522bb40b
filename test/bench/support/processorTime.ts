import { readFileSync } from 'node:fs';

/** Linux tells times of processes in hundredths of a second, whatever the kernel counts in. */
const MILLISECONDS_A_TICK = 10;
/** Of the fields behind the name of the program, which may hold spaces; see proc(5). */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** The processor time that a process has used so far, all its threads together, in milliseconds. */
export function readProcessorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) * MILLISECONDS_A_TICK;
}
