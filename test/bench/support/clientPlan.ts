import type { TypingPlace } from './markdownDocument';

/** Name of the environment variable with the path of the {@link ClientPlan}. */
export const planVariable = 'SUBTEXT_BENCH_PLAN';

/** What the probe in the extension host is to do. */
export interface ClientPlan {
  /** Where to write the {@link ClientTimes}. */
  readonly results: string;
  /** Files of the open folder, by name. */
  readonly warmUp: string;
  readonly large: string;
  readonly typing: readonly TypingPlan[];
}

export interface TypingPlan {
  readonly file: string;
  readonly words: number;
  /** From the end of the document to its start, so that none is moved by what was typed before. */
  readonly places: readonly TypingPlace[];
  /** So many of them are typed at first and not counted. */
  readonly uncounted: number;
  readonly pauseMilliseconds: number;
}

/** All in milliseconds. */
export interface ClientTimes {
  /** Of the extension's `activate`, loading of its code included. */
  readonly activation: number;
  /** From asking the editor for the large document until it tells its extensions of it. */
  readonly opening: number;
  /** From then on until marks are there: those that can be seen, and all of them. */
  readonly visible: number;
  readonly all: number;
  readonly typing: readonly {
    readonly words: number;
    /** From the editor's event of the change until the version is complete. */
    readonly fromEvent: readonly number[];
    /** From the key, that is the command `type`: the way to the window and back is in it. */
    readonly fromKey: readonly number[];
  }[];
}
