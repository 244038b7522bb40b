import { composeEdits, isConsistent } from './edits';
import { extractParagraph, nextParagraph } from './plainParagraphs';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { type ExtractedUnit, followUnits, type Units } from './units';

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly paragraphs: readonly ExtractedUnit[];
}

/** Takes all text for prose, in paragraphs that empty lines and hard line breaks end. */
export class PlainTextExtractor implements ProseExtractor {
  #state: State | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

  *update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]> {
    const run = ++this.#run;
    const previous = this.#state;
    this.#state = undefined;
    const changes = previous && edits && composeEdits(edits);
    const isIncremental = changes && isConsistent(previous.length, changes, text.length);
    const units: Units = {
      next: (offset) => nextParagraph(text, offset),
      extract: (paragraph) => extractParagraph(text, paragraph),
    };
    const paragraphs = yield* isIncremental
      ? followUnits(units, previous.paragraphs, changes)
      : followUnits(units, [], []);
    if (run === this.#run) this.#state = { length: text.length, paragraphs };
    return paragraphs.flatMap((paragraph) => paragraph.blocks);
  }
}
