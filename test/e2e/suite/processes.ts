import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * The processes below this extension host whose command line names a program of the extension.
 * @param program the file name of its bundle, for instance `inference.js`.
 */
export async function findProcesses(program: string): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args='], { maxBuffer: 16_000_000 });
  const all = stdout.split('\n').flatMap(toProcess);
  const isBelow = (candidate: Process): boolean => {
    if (candidate.parent === process.pid) return true;
    const parent = all.find(({ pid }) => pid === candidate.parent);
    return parent !== undefined && isBelow(parent);
  };
  return all.filter((one) => one.command.includes(`/${program}`) && isBelow(one)).map(({ pid }) => pid);
}

function toProcess(line: string): Process[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
  return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }] : [];
}
