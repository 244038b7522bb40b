import type { Readable, Writable } from 'node:stream';
import type { OpenDevices } from './devicesCommand';
import type { OpenStore, RunningEngine } from './engine';
import type { Output } from './output';
import type { ProgressLine } from './progressLine';
import type { TerminalColors } from './terminalColors';

/** The streams of a program; the terminal's properties are absent where a stream is none. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

/** What a command works with. */
export interface Session {
  readonly stdin: Streams['stdin'];
  /** For questions; what is told goes through `progress` and `complain`. */
  readonly stderr: Streams['stderr'];
  readonly output: Output;
  readonly progress: ProgressLine;
  readonly colors: TerminalColors;
  /** Width to lay text out for. */
  readonly columns: number;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
  /**
   * @param ref of the model, as in the settings; the bundled one unless given.
   * @param modelsDir holds the catalogue; that of the program unless given.
   * @throws EngineError when the model is not installed or cannot be loaded.
   */
  startEngine(threads: number, ref?: string, modelsDir?: string): Promise<RunningEngine>;
  readonly openStore: OpenStore;
  readonly openDevices: OpenDevices;
  /** Says on standard error what went wrong. Whatever they quote, message and details are one line each there. */
  complain(message: string, details?: readonly string[]): void;
}
