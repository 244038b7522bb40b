import { composeEdits, isConsistent } from './edits';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { type ExtractedUnit, followUnits, type Unit, type Units } from './units';

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly units: readonly ExtractedUnit[];
}

/** Extracts a format that can be read unit by unit, each from what is known at its start. */
export class UnitExtractor<U extends Unit = Unit> implements ProseExtractor {
  readonly #unitsOf: (text: string) => Units<PlacedBlock, U>;
  #state: State | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

  /** @param unitsOf how a text is cut. */
  constructor(unitsOf: (text: string) => Units<PlacedBlock, U>) {
    this.#unitsOf = unitsOf;
  }

  *update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]> {
    const run = ++this.#run;
    const previous = this.#state;
    this.#state = undefined;
    const changes = previous && edits && composeEdits(edits);
    const isIncremental = changes && isConsistent(previous.length, changes, text.length);
    const source = this.#unitsOf(text);
    const units = yield* isIncremental
      ? followUnits(source, previous.units, changes)
      : followUnits(source, [], []);
    if (run === this.#run) this.#state = { length: text.length, units };
    return units.flatMap(({ items }) => items);
  }
}
