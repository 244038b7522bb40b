import type { Clock, Logger } from '../core/ports';
import type { InferenceChild, StartChild } from './childProcess';
import type { FromInference, LoadMessage, ToInference } from './messages';

/** A process with work that says nothing for so long hangs. No batch takes a tenth of it on a slow machine. */
const silenceLimit = 60_000;
/** Silence is counted in ticks, so that the hours a laptop sleeps are one tick and not a hang. */
const ticksOfSilence = 4;
/** Wait before the first restart; doubled with each further crash. */
const firstBackOff = 100;
const longestBackOff = 10_000;
/** Crashes in a row, with no request finished in between, after which restarting is pointless. */
const crashLimit = 8;
/** How long a process that was asked to end may take. */
const shutdownGrace = 500;

export type Phase = 'starting' | 'ready' | 'restarting' | 'failed' | 'stopped';

export interface SupervisorListener {
  /** The phase, or the message with it, changed. @param message for a person. */
  phase(phase: Phase, message?: string): void;
  /** A process was started: it knows nothing of earlier requests. */
  started(): void;
  message(message: FromInference): void;
  /** The process died by itself or was killed by the watchdog; it is started again afterwards. */
  died(): void;
  /** Whether there is work to answer. The watchdog only looks then. */
  busy(): boolean;
}

/** Keeps an inference process alive: back-off after crashes, a watchdog for hangs, an end without orphans. */
export class Supervisor {
  readonly #startChild: StartChild;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #listener: SupervisorListener;
  #load: LoadMessage;
  #child: InferenceChild | undefined;
  #phase: Phase = 'stopped';
  #crashes = 0;
  #hung = false;
  #silentTicks = 0;
  #tick: { cancel(): void } | undefined;
  #backOff: { cancel(): void } | undefined;
  #gone: (() => void) | undefined;

  constructor(
    load: LoadMessage,
    startChild: StartChild,
    clock: Clock,
    logger: Logger,
    listener: SupervisorListener,
  ) {
    this.#load = load;
    this.#startChild = startChild;
    this.#clock = clock;
    this.#logger = logger;
    this.#listener = listener;
  }

  /** Starts a process, in place of the one that may be there. @param load replaces what is to be loaded. */
  start(load = this.#load): void {
    this.#load = load;
    this.killNow();
    this.#crashes = 0;
    this.#setPhase('starting');
    this.#spawn();
  }

  send(message: ToInference): void {
    this.#child?.send(message);
    this.#watch();
  }

  /** The process does useful work: earlier crashes are forgiven. */
  progress(): void {
    this.#crashes = 0;
  }

  /** Asks the process to end, and kills it if it does not. @returns when it is gone. */
  async stop(): Promise<void> {
    this.#cancelTimers();
    this.#setPhase('stopped');
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    child.send({ type: 'shutdown' });
    const grace = this.#clock.setTimeout(() => child.kill(), shutdownGrace);
    await gone;
    grace.cancel();
  }

  /** Kills the process without waiting. Safe in an exit handler. */
  killNow(): void {
    this.#cancelTimers();
    const child = this.#child;
    this.#child = undefined;
    child?.kill();
    this.#gone?.();
  }

  #spawn(): void {
    this.#hung = false;
    // What a process that was replaced still says is of no interest.
    const isCurrent = () => this.#child === child;
    const child: InferenceChild = this.#startChild({
      message: (message) => {
        if (isCurrent()) this.#receive(message);
      },
      output: (line) => this.#logger.warn(`Inference process: ${line}`),
      exit: (how) => {
        if (isCurrent()) this.#ended(how);
      },
    });
    this.#child = child;
    child.send(this.#load);
    this.#listener.started();
    this.#watch();
  }

  #receive(message: FromInference): void {
    this.#silentTicks = 0;
    switch (message.type) {
      case 'loaded':
        this.#listener.message(message);
        this.#setPhase('ready');
        break;
      case 'loadFailed':
        this.killNow();
        this.#setPhase('failed', message.message);
        break;
      default:
        this.#listener.message(message);
    }
  }

  #ended(how: string): void {
    this.#child = undefined;
    this.#cancelTimers();
    if (this.#phase === 'stopped') {
      this.#gone?.();
      return;
    }
    this.#crashes++;
    const what = this.#hung ? 'did not answer any more' : `ended unexpectedly (${how})`;
    this.#logger.error(`The inference process ${what}.`);
    this.#listener.died();
    if (this.#crashes > crashLimit) {
      this.#setPhase('failed', `The inference process ${what}, again and again. Try "Restart Server".`);
      return;
    }
    this.#setPhase('restarting', `The inference process ${what} and is started again.`);
    const wait = Math.min(firstBackOff * 2 ** (this.#crashes - 1), longestBackOff);
    this.#backOff = this.#clock.setTimeout(() => this.#spawn(), wait);
  }

  #setPhase(phase: Phase, message?: string): void {
    this.#phase = phase;
    this.#listener.phase(phase, message);
  }

  /** Looks for signs of life as long as there is something to wait for. */
  #watch(): void {
    if (this.#tick || !this.#isAwaited()) return;
    this.#silentTicks = 0;
    this.#scheduleTick();
  }

  #scheduleTick(): void {
    this.#tick = this.#clock.setTimeout(() => {
      this.#tick = undefined;
      if (!this.#isAwaited()) return;
      if (!this.#child?.isUndecided) this.#silentTicks++;
      if (this.#silentTicks < ticksOfSilence) {
        this.#scheduleTick();
      } else {
        this.#hung = true;
        this.#child?.kill('hung');
      }
    }, silenceLimit / ticksOfSilence);
  }

  #isAwaited(): boolean {
    return this.#child !== undefined && (this.#phase !== 'ready' || this.#listener.busy());
  }

  #cancelTimers(): void {
    this.#tick?.cancel();
    this.#tick = undefined;
    this.#backOff?.cancel();
    this.#backOff = undefined;
  }
}
