import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { FromInference, ToInference } from './messages';
import { smallHeapFlag } from './smallHeap';

/** The inference process as its supervisor sees it. */
export interface InferenceChild {
  /** Absent where it could not be started. */
  readonly pid?: number | undefined;
  /** There is no process yet: its device is being chosen, which may take long. */
  readonly isUndecided?: boolean;
  /** Lost without an error where the process is gone; its exit is told. */
  send(message: ToInference): void;
  /** Ends it at once, whatever it does. @param why `hung`: it did not answer any more. */
  kill(why?: 'hung'): void;
}

export interface ChildListener {
  message(message: FromInference): void;
  /** A line of diagnostic output of a native library. */
  output(line: string): void;
  /** Called once, whether the process ended or could not be started. @param how for a person. */
  exit(how: string): void;
}

export type StartChild = (listener: ChildListener) => InferenceChild;

/**
 * @param processPath the bundled `inference.js`.
 * @param environment variables beside those of this process.
 */
export const forkInference =
  (processPath: string, environment: Readonly<Record<string, string>> = {}): StartChild =>
  (listener) => {
    const child = fork(processPath, [], {
      env: {
        ...process.env,
        ...environment,
        // In an editor the executable is Electron.
        ELECTRON_RUN_AS_NODE: '1',
        // Has to be there before onnxruntime is loaded: without it, it writes files and looks up a host.
        ORT_DISABLE_TELEMETRY: '1',
      },
      // Not those of the parent: the port of its debugger is taken.
      execArgv: [smallHeapFlag],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let ended = false;
    const exit = (how: string): void => {
      if (!ended) listener.exit(how);
      ended = true;
    };
    child.on('message', (message) => listener.message(message as unknown as FromInference));
    child.on('exit', (code, signal) => exit(signal ? `signal ${signal}` : `exit code ${code}`));
    child.on('error', (error) => {
      // Told of a process that could not be started; a failed send or kill is followed by the exit.
      if (child.pid === undefined) exit(error.message);
    });
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => listener.output(line));
    return {
      pid: child.pid,
      send: (message) => {
        if (child.connected) child.send(message, () => {});
      },
      kill: () => {
        child.kill('SIGKILL');
      },
    };
  };
