import { PassThrough, Readable, type Writable } from 'node:stream';
import type { OpenStore, RunningEngine } from '../../../server/src/cli/engine';
import { type Environment, run } from '../../../server/src/cli/run';
import type { ModelDescription } from '../../../server/src/core/model';
import { FakeDevices } from '../../support/fakeDevices';
import { FakeEngine, fakeModel } from '../../support/fakeEngine';

export interface ProgramSetup {
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly environment?: Environment;
  readonly signal?: AbortSignal;
  readonly engine?: FakeEngine;
  readonly stdout?: Writable;
  readonly startEngine?: () => Promise<RunningEngine>;
  readonly model?: ModelDescription;
  readonly openStore?: OpenStore;
  readonly devices?: FakeDevices;
}

const collect = (stream: PassThrough): (() => string) => {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
};

/** Runs the command line within this process, with a fake engine. */
export const runProgram = async (args: readonly string[], setup: ProgramSetup = {}) => {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const [out, err] = [collect(stdout), collect(stderr)];
  let disposed = 0;
  const engine = setup.engine ?? new FakeEngine();
  const start = async (): Promise<RunningEngine> => ({
    model: setup.model ?? fakeModel,
    device: 'cpu',
    analyze: (sentences) => engine.analyze(sentences),
    fillMask: (text, options) => engine.fillMask(text, options),
    fillWords: (text, options) => engine.fillWords(text, options),
    inspect: (text) => engine.inspect(text),
    dispose: async () => {
      disposed++;
    },
  });
  const noStore: OpenStore = () => {
    throw new Error('These commands need no models of their own.');
  };
  const code = await run({
    args,
    streams: {
      stdin: Readable.from([Buffer.from(setup.stdin ?? '')]),
      stdout: setup.stdout ?? Object.assign(stdout, setup.terminal && { isTTY: true, columns: 80 }),
      stderr: Object.assign(stderr, setup.terminal && { isTTY: true, columns: 80 }),
    },
    environment: setup.environment ?? {},
    startEngine: setup.startEngine ?? start,
    openDevices: () => setup.devices ?? new FakeDevices(),
    openStore: setup.openStore ?? noStore,
    signal: setup.signal ?? new AbortController().signal,
  });
  return { code, out: out(), err: err(), disposed };
};
