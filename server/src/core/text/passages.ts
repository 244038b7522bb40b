import { type ChangedRange, composeEdits, isConsistent } from './edits';
import { OldItems } from './oldItems';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import type { Span } from './span';
import { blockCost, createStepCounter, reuseCost } from './steps';

/** A part of a source that its grammar tells from the rest: a comment, a tag, a run of text. */
export interface Item<Kind extends string = string> extends Span {
  readonly kind: Kind;
}

/** Finds the items of a text. `State` is what it remembers of a text to follow its edits. */
export interface ItemSource<State, Kind extends string = string> {
  /**
   * @param previous what the update before returned; undefined at first.
   * @param changes since then.
   */
  update(
    text: string,
    previous: State | undefined,
    changes: readonly ChangedRange[],
  ): Generator<void, { readonly state: State; readonly items: readonly Item<Kind>[] }>;
}

/** Neighbouring items that make blocks together. What they say depends on nothing but them and their text. */
export interface Passage<Kind extends string = string> extends Span {
  readonly items: readonly Item<Kind>[];
}

/** How items are put together and read. */
export interface PassageFormat<Kind extends string = string> {
  /** In order, not overlapping. */
  passages(text: string, items: readonly Item<Kind>[]): Iterable<Passage<Kind>>;
  /** @returns blocks relative to the start of the passage. */
  extract(text: string, passage: Passage<Kind>): Generator<void, readonly PlacedBlock[]>;
}

interface ExtractedPassage extends Passage {
  readonly blocks: readonly PlacedBlock[];
}

interface State<S> {
  readonly length: number;
  readonly source: S;
  readonly passages: readonly ExtractedPassage[];
}

/** Extracts passages, and takes those over that no edit touched. */
export class PassageExtractor<S, Kind extends string> implements ProseExtractor {
  readonly #source: ItemSource<S, Kind>;
  readonly #format: PassageFormat<Kind>;
  #state: State<S> | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

  constructor(source: ItemSource<S, Kind>, format: PassageFormat<Kind>) {
    this.#source = source;
    this.#format = format;
  }

  *update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]> {
    const run = ++this.#run;
    const latest = this.#state;
    this.#state = undefined;
    const changes = (latest && edits && composeEdits(edits)) ?? [];
    const previous =
      latest && edits && isConsistent(latest.length, changes, text.length) ? latest : undefined;
    const { state: source, items } = yield* this.#source.update(text, previous?.source, changes);
    const passages = yield* this.#extract(text, items, new OldItems(previous?.passages ?? [], changes));
    if (run === this.#run) this.#state = { length: text.length, source, passages };
    return placeBlocks(passages);
  }

  *#extract(
    text: string,
    items: readonly Item<Kind>[],
    old: OldItems<ExtractedPassage>,
  ): Generator<void, ExtractedPassage[]> {
    const passages: ExtractedPassage[] = [];
    const isStepDone = createStepCounter();
    for (const passage of this.#format.passages(text, items)) {
      const before = old.at(passage.start);
      const isSame = before && !old.isTouched(passage.end) && isSamePassage(before, passage);
      const blocks = isSame ? before.blocks : yield* this.#format.extract(text, passage);
      passages.push({ start: passage.start, end: passage.end, items: passage.items, blocks });
      if (isStepDone(isSame ? reuseCost : passage.end - passage.start + blockCost)) yield;
    }
    return passages;
  }
}

function placeBlocks(passages: readonly ExtractedPassage[]): PlacedBlock[] {
  const placed: PlacedBlock[] = [];
  for (const { start: by, blocks } of passages) {
    for (const { start, end, block } of blocks) placed.push({ start: start + by, end: end + by, block });
  }
  return placed;
}

/** Whether passages of which the text is the same are made of the same items. */
function isSamePassage(a: Passage, b: Passage): boolean {
  const by = b.start - a.start;
  if (a.end + by !== b.end || a.items.length !== b.items.length) return false;
  for (const [index, item] of a.items.entries()) {
    const other = b.items[index] as Item;
    if (item.kind !== other.kind || item.start + by !== other.start || item.end + by !== other.end)
      return false;
  }
  return true;
}
