import { findIgnoredText, movedAlong } from '../core/ignore/ignoreComments';
import type { TextEdit } from '../core/text/prose';
import type { Span } from '../core/text/span';

/** The stretches of a document of which comments in it say that nothing is to be reported. */
export class IgnoredStretches {
  #spans: readonly Span[] = [];
  #length = 0;

  /** In order. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** @returns whether they are where the edits took them; else more than the edited text looks different now. */
  follow(text: string, edits: readonly TextEdit[] = []): boolean {
    const before = this.#spans;
    const growth = text.length - this.#length;
    this.#spans = findIgnoredText(text).spans;
    this.#length = text.length;
    return movedAlong(before, this.#spans, edits, growth);
  }
}
