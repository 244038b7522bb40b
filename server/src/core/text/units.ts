import type { ChangedRange } from './edits';
import type { PlacedBlock } from './prose';
import type { Span } from './span';
import { blockCost, createStepCounter, reuseCost } from './steps';

/** A stretch of text that is extracted by itself. */
export interface Unit extends Span {
  /** The end of the text on which the unit depends; infinite where it depends on the end of the text. */
  readonly reach: number;
  /** What the text behind the unit stands in, in formats where that matters: inside of a quotation, say. */
  readonly state?: string | undefined;
}

export interface ExtractedUnit<T extends Span = PlacedBlock> extends Unit {
  readonly items: readonly T[];
}

/** How a text is cut into units, and what they hold: blocks, if nothing else is said. */
export interface Units<T extends Span = PlacedBlock, U extends Unit = Unit> {
  /**
   * The first unit at or behind an offset at which one may begin. It depends on the state and on the text from its
   * start on only.
   *
   * @param state of the unit before; undefined for the first one.
   */
  next(offset: number, state: string | undefined): U | undefined;
  extract(unit: U): readonly T[];
}

/**
 * Extracts all units of a text. Old ones stay whose reach ends before the next change, as long as a new one would
 * begin where they do, and in the same state.
 */
export function* followUnits<T extends Span, U extends Unit>(
  units: Units<T, U>,
  old: readonly ExtractedUnit<T>[],
  changes: readonly ChangedRange[],
): Generator<void, ExtractedUnit<T>[]> {
  const extracted: ExtractedUnit<T>[] = [];
  const isStepDone = createStepCounter();
  /** The first old unit and the first change that are not dealt with. */
  let index = 0;
  let change = 0;
  /** How far the new text is dealt with, and how far the old units have moved there. */
  let at = 0;
  let by = 0;
  const kept = (): ExtractedUnit<T> | undefined => {
    const unit = old[index];
    const next = changes[change];
    return unit && (!next || unit.reach <= next.fromA) ? unit : undefined;
  };

  for (;;) {
    const state = extracted.at(-1)?.state;
    const next = units.next(at, state);
    if (!next) return extracted;
    for (let passed = changes[change]; passed && passed.toB <= next.start; passed = changes[++change]) {
      by = passed.toB - passed.toA;
    }
    const isInsideChange = (changes[change]?.fromB ?? Number.POSITIVE_INFINITY) < next.start;
    const oldStart = next.start - by;
    while (!isInsideChange && (old[index]?.start ?? oldStart) < oldStart) index++;
    if (!isInsideChange && kept()?.start === oldStart && old[index - 1]?.state === state) {
      for (let unit = kept(); unit; unit = kept()) {
        extracted.push(movedUnit(unit, by));
        at = unit.end + by;
        index++;
        if (isStepDone(reuseCost)) yield;
      }
    } else {
      const { start, end, reach } = next;
      extracted.push({ start, end, reach, state: next.state, items: units.extract(next) });
      at = next.end;
      if (isStepDone(next.end - next.start + blockCost)) yield;
    }
  }
}

function movedUnit<T extends Span>(unit: ExtractedUnit<T>, by: number): ExtractedUnit<T> {
  if (by === 0) return unit;
  return {
    start: unit.start + by,
    end: unit.end + by,
    reach: unit.reach + by,
    state: unit.state,
    items: unit.items.map((item) => ({ ...item, start: item.start + by, end: item.end + by })),
  };
}
