import type { Clock } from '../core/ports';
import type { TextEdit } from '../core/text/prose';
import type { Span } from '../core/text/span';

/** Who pauses for so long has finished the word. Between the keys of one word even slow typists take less. */
const PAUSE_MILLISECONDS = 800;

/** More than this at once was not typed, and what has more letters is not a word that is to be left. */
const WORD_CHARACTERS = 64;

/**
 * The word that an edit leaves unfinished: the caret stands behind one of its letters. Where no spaces divide words,
 * as in Chinese, it is all that was written since the last punctuation.
 *
 * @param text as it is after the edits.
 * @param edits of one notification. Several at once come from several cursors, or replace everywhere.
 */
export function findUnfinishedWord(text: string, edits: readonly TextEdit[] | undefined): Span | undefined {
  const [edit, another] = edits ?? [];
  if (!edit || another || edit.text.length > WORD_CHARACTERS || !/^[\p{L}\p{M}\p{N}]*$/u.test(edit.text))
    return undefined;
  const caret = edit.start + edit.text.length;
  const [before] = /[\p{L}\p{M}\p{N}]*$/u.exec(text.slice(Math.max(0, caret - WORD_CHARACTERS), caret)) ?? [
    '',
  ];
  const [after] = /^[\p{L}\p{M}\p{N}]*/u.exec(text.slice(caret, caret + WORD_CHARACTERS)) ?? [''];
  return before === '' ? undefined : { start: caret - before.length, end: caret + after.length };
}

/** Watches over a word until it is finished: left by the cursor, or by the typist for a while. */
export class UnfinishedWord {
  readonly #clock: Clock;
  readonly #onFinished: () => void;
  #word: Span | undefined;
  #timer: { cancel(): void } | undefined;

  constructor(clock: Clock, onFinished: () => void) {
    this.#clock = clock;
    this.#onFinished = onFinished;
  }

  watch(word: Span): void {
    this.forget();
    this.#word = word;
    this.#timer = this.#clock.setTimeout(() => this.finish(), PAUSE_MILLISECONDS);
  }

  /** To be called with every place of the cursor in the text that the word stands in. */
  moveCursor(cursor: number): void {
    if (this.#word && (cursor < this.#word.start || cursor > this.#word.end)) this.finish();
  }

  finish(): void {
    if (!this.#word) return;
    this.forget();
    this.#onFinished();
  }

  forget(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#word = undefined;
  }
}
