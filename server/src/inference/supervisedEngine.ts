import type { InteractiveEngine } from '../core/ports';
import type { EngineStateParams } from '../protocol/protocol';

/** How one engine is, whatever it is used for. */
export type EngineState = Omit<EngineStateParams, 'tasks'>;

/** An engine in a process of its own, with what the server needs to start, watch and end it. */
export interface SupervisedEngine extends InteractiveEngine {
  start(): void;
  /** @param threads 0 chooses by the number of processors. A change restarts a process that runs. */
  setThreads(threads: number): void;
  /** The listener is told every change. */
  onState(listener: (state: EngineState) => void): { dispose(): void };
  /** Ends the process, if there is one, and starts another. Resolves when the new one is ready or has failed. */
  restart(): Promise<void>;
  /** Resolves when the process is gone. */
  dispose(): Promise<void>;
  /** Ends the process at once, for when this process is about to exit. */
  killNow(): void;
}
