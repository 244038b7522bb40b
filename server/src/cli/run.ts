import { type Command, CommanderError } from 'commander';
import { describeError } from '../core/describeError';
import { EngineError } from '../core/ports';
import { type TerminalText, terminal, toLines } from '../core/surfaces/terminal';
import { runAnalyze } from './analyzeCommand';
import { type OpenDevices, runDevices } from './devicesCommand';
import type { OpenStore, StartEngine } from './engine';
import { runEvaluate } from './evaluate/evaluateCommand';
import { exitCodes } from './exitCodes';
import { RuleFileError } from './fileRules';
import { runFill } from './fillCommand';
import { runInspect } from './inspectCommand';
import { runDownloadModel, runListModels, runRemoveModel } from './modelsCommand';
import { BrokenPipe, Output } from './output';
import { createProgram } from './program';
import { ProgressLine } from './progressLine';
import type { Session, Streams } from './session';
import { systemReason } from './systemReason';
import { terminalColors } from './terminalColors';

/** Where standard output is no terminal, or one that does not know its width. */
const DEFAULT_COLUMNS = 100;

/** The variables that matter; an empty one counts as absent. */
export interface Environment {
  readonly NO_COLOR?: string;
  readonly FORCE_COLOR?: string;
  readonly TERM?: string;
}

export interface Invocation {
  /** Without the names of node and the program. */
  readonly args: readonly string[];
  readonly streams: Streams;
  readonly environment: Environment;
  readonly startEngine: StartEngine;
  readonly openStore: OpenStore;
  readonly openDevices: OpenDevices;
  /** Aborted when the user interrupts; the program then ends what it started and returns. */
  readonly signal: AbortSignal;
}

/** Runs the program. @returns its exit code; an interruption is the caller's to tell. */
export const run = async ({
  args,
  streams,
  environment,
  startEngine,
  openStore,
  openDevices,
  signal,
}: Invocation): Promise<number> => {
  const { stdin, stdout, stderr } = streams;
  const output = new Output(stdout);
  const progress = new ProgressLine(stderr);
  // Nobody is left to be told when standard error itself is gone.
  stderr.on('error', () => {});
  const complain = (message: string, details: readonly string[] = []): void => {
    progress.clear();
    stderr.write(toLines([`subtext: ${message}`, ...details].map(terminal.escape)));
  };
  const session: Session = {
    stdin,
    stderr,
    output,
    progress,
    colors: terminalColors(wantsColor(stdout.isTTY === true, environment)),
    columns: stdout.columns || DEFAULT_COLUMNS,
    signal,
    startEngine: (threads, ref, modelsDir) =>
      startEngine({ threads, ref, modelsDir, signal, onError: (message) => complain(message) }),
    openStore,
    openDevices,
    complain,
  };
  let code: number = exitCodes.ok;
  const program = createProgram({
    analyze: async (paths, options) => {
      code = await runAnalyze(paths, options, session);
    },
    fill: async (text, options) => {
      code = await runFill(text, options, session);
    },
    inspect: async (text, options) => {
      code = await runInspect(text, options, session);
    },
    evaluate: async (paths, options) => {
      code = await runEvaluate(paths, options, session);
    },
    listModels: async (options) => {
      code = await runListModels(options, session);
    },
    downloadModel: async (ref, options) => {
      code = await runDownloadModel(ref, options, session);
    },
    removeModel: async (ref) => {
      code = await runRemoveModel(ref, session);
    },
    devices: async (options) => {
      code = await runDevices(options, session);
    },
  });
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      // Goes out with the rest, so that its failure is met there. Help is our own text.
      writeOut: (text) => void output.write(text as TerminalText),
      // It quotes arguments, and those may be names of files.
      writeErr: (text) => stderr.write(toLines(text.trimEnd().split('\n').map(terminal.escape))),
      getOutHelpWidth: () => session.columns,
      getErrHelpWidth: () => session.columns,
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' }).catch((error: unknown) => {
      if (!(error instanceof CommanderError)) throw error;
      code = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    });
    await output.flush();
    return code;
  } catch (error) {
    if (error instanceof BrokenPipe) return exitCodes.ok;
    if (!signal.aborted) tell(error, complain);
    return exitCodes.failed;
  } finally {
    progress.clear();
  }
};

const withSubcommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

/** Only an error that is meant for users, or comes from the system, surely holds nothing of the text. */
const tell = (error: unknown, complain: Session['complain']): void => {
  const reason = systemReason(error);
  if (error instanceof RuleFileError) complain(error.message, error.lines);
  else if (error instanceof EngineError) complain(error.message);
  else if (reason !== undefined) {
    const { path } = error as NodeJS.ErrnoException;
    complain(path === undefined ? reason : `${path}: ${reason}`);
  } else {
    const { name, frames } = describeError(error);
    complain(`internal error (${name}); please report it`, frames);
  }
};

/** As https://no-color.org and https://force-color.org have it. */
const wantsColor = (terminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: Environment): boolean => {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return terminal && TERM !== 'dumb';
};
