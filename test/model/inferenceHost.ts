import { readdir, readFile } from 'node:fs/promises';
import { bundledModelId } from '../../server/src/core/model';
import type { Clock } from '../../server/src/core/ports';
import { forkInference, type InferenceChild, type StartChild } from '../../server/src/inference/childProcess';
import { InferenceHost } from '../../server/src/inference/host';
import type { FromInference } from '../../server/src/inference/messages';
import type { EngineState } from '../../server/src/inference/supervisedEngine';
import { systemClock } from '../../server/src/inference/systemClock';
import { bundledLocation } from '../../server/src/models/modelFolder';
import type { ModelLocation } from '../../server/src/models/modelLocation';
import { root } from '../support/paths';
import { modelsDir } from './bundle';

export interface ObservedHost {
  readonly host: InferenceHost;
  /** Every process that was started, oldest first. */
  readonly children: InferenceChild[];
  readonly states: EngineState[];
  /** Warnings and errors. */
  readonly log: string[];
  readonly information: string[];
  /** Calls back before the host sees a message of a process. */
  onMessage: (message: FromInference) => void;
}

/** A host with a real process, of which the tests see everything. */
export function observeHost(options: {
  processPath: string;
  stateDir?: string;
  location?: ModelLocation;
  clock?: Clock;
  threads?: number;
  startChild?: StartChild;
}): ObservedHost {
  const children: InferenceChild[] = [];
  const log: string[] = [];
  const information: string[] = [];
  const states: EngineState[] = [];
  const fork = options.startChild ?? forkInference(options.processPath);
  const startChild: StartChild = (listener) => {
    const child = fork({
      ...listener,
      message: (message) => {
        observed.onMessage(message);
        listener.message(message);
      },
    });
    children.push(child);
    return child;
  };
  const write = (line: string): void => {
    log.push(line);
  };
  const host = new InferenceHost({
    location: bundledLocation(modelsDir, bundledModelId),
    threads: 1,
    clock: systemClock,
    ...options,
    logger: { info: (line) => void information.push(line), warn: write, error: write },
    startChild,
  });
  host.onState((state) => states.push(state));
  const observed: ObservedHost = { host, children, states, log, information, onMessage: () => {} };
  return observed;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sentences of many languages: the lines of the text samples. */
export async function sampleSentences(): Promise<readonly string[]> {
  const folder = `${root}/samples`;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort();
  const texts = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  return texts
    .flatMap((text) => text.split(/\r?\n|(?<=[.!?。！？؟])\s*/u))
    .filter((line) => line.trim() !== '');
}
