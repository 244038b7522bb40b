import type { Clock } from '../core/ports';
import type { TextEdit } from '../core/text/prose';
import type { AwaitedEvent } from '../protocol/protocol';
import type { Settings } from '../settings/schema';
import type { KnownSentences } from './knownSentences';
import { findUnfinishedWord, UnfinishedWord } from './unfinishedWord';

type WaitingSettings = Pick<Settings, 'run' | 'typing.waitForWord'>;

/**
 * Withholds what was edited from the analysis: until a word is left, the document is saved, or somebody asks, as
 * the settings say. While a request for the whole document is under way, nothing waits.
 */
export class WaitingEdits {
  readonly #sentences: KnownSentences;
  readonly #onReleased: () => void;
  readonly #word: UnfinishedWord;
  #settings: WaitingSettings;
  /** Edits up to this version do not wait. */
  #dueVersion = Number.NEGATIVE_INFINITY;
  #requests = 0;

  /** @param onReleased called when sentences are wanted that were withheld before. */
  constructor(clock: Clock, settings: WaitingSettings, sentences: KnownSentences, onReleased: () => void) {
    this.#settings = settings;
    this.#sentences = sentences;
    this.#onReleased = onReleased;
    this.#word = new UnfinishedWord(clock, () => this.#release());
  }

  /** What the rest of the analysis waits for, if no more than that is missing. */
  get awaits(): AwaitedEvent | undefined {
    const { run } = this.#settings;
    if (run === 'onType' || !this.#sentences.isAnyWithheld || this.#sentences.isAnyWanted) return undefined;
    return run === 'onSave' ? 'save' : 'request';
  }

  /** Whether what edits brought, up to this version, is to be withheld as a whole. */
  withholds(version: number): boolean {
    return this.#settings.run !== 'onType' && this.#requests === 0 && version > this.#dueVersion;
  }

  /** @returns whether documents now begin in another way. */
  changeSettings(settings: WaitingSettings): boolean {
    this.#word.finish();
    const isAnother = settings.run !== this.#settings.run;
    this.#settings = settings;
    return isAnother;
  }

  /** For a document that was just opened with this version, or is as good as that. */
  begin(version: number): void {
    if (this.#settings.run === 'manual' && this.#requests === 0) {
      this.#dueVersion = Number.NEGATIVE_INFINITY;
      this.#sentences.withholdAll();
    } else {
      this.#want(version);
    }
  }

  didSave(version: number): void {
    this.#word.finish();
    if (this.#settings.run === 'onSave') this.#want(version);
  }

  /** @param cursor in the text as it is. */
  moveCursor(cursor: number): void {
    this.#word.moveCursor(cursor);
  }

  /** To be called before the sentences follow an edit: the word before it has been left, or is judged with it. */
  willFollow(): void {
    this.#word.forget();
    if (this.#settings.run === 'onType') this.#sentences.wantAll();
  }

  /** To be called when they have. A sentence is not judged while one of its words is being typed. */
  didFollow(text: string, edits: readonly TextEdit[] | undefined): void {
    const { run, 'typing.waitForWord': isWaiting } = this.#settings;
    const word = isWaiting && run === 'onType' && this.#requests === 0 && findUnfinishedWord(text, edits);
    if (!word) return;
    this.#sentences.withholdAt(word.end - 1);
    if (this.#sentences.isAnyWithheld) this.#word.watch(word);
  }

  beginRequest(version: number): void {
    this.#requests++;
    this.#want(version);
  }

  /** @param isCancelled what was not done then waits as before. */
  endRequest(version: number, isCancelled: boolean): void {
    this.#requests--;
    if (isCancelled && this.#settings.run === 'manual') this.begin(version);
  }

  /** Nothing is to be done any more. */
  stop(): void {
    this.#word.forget();
  }

  #want(version: number): void {
    this.#dueVersion = version;
    if (this.#sentences.isAnyWithheld) this.#release();
  }

  #release(): void {
    this.#sentences.wantAll();
    this.#onReleased();
  }
}
