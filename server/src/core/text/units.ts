import type { ChangedRange } from './edits';
import type { PlacedBlock } from './prose';
import { movedBlock } from './proseBlock';
import type { Span } from './span';
import { blockCost, createStepCounter, reuseCost } from './steps';

/** A stretch of text that is cut into blocks by itself. */
export interface Unit extends Span {
  /** The end of the text on which the unit depends; infinite where it depends on the end of the text. */
  readonly reach: number;
}

export interface ExtractedUnit extends Unit {
  readonly blocks: readonly PlacedBlock[];
}

/** How a text is cut into units. */
export interface Units {
  /** The first unit at or behind an offset at which one may begin. It depends on the text from its start on only. */
  next(offset: number): Unit | undefined;
  extract(unit: Unit): readonly PlacedBlock[];
}

/**
 * Extracts all units of a text. Old ones stay whose reach ends before the next change, as long as a new one would
 * begin where they do.
 */
export function* followUnits(
  units: Units,
  old: readonly ExtractedUnit[],
  changes: readonly ChangedRange[],
): Generator<void, ExtractedUnit[]> {
  const extracted: ExtractedUnit[] = [];
  const isStepDone = createStepCounter();
  /** The first old unit and the first change that are not dealt with. */
  let index = 0;
  let change = 0;
  /** How far the new text is dealt with, and how far the old units have moved there. */
  let at = 0;
  let by = 0;
  const kept = (): ExtractedUnit | undefined => {
    const unit = old[index];
    const next = changes[change];
    return unit && (!next || unit.reach <= next.fromA) ? unit : undefined;
  };

  for (;;) {
    const next = units.next(at);
    if (!next) return extracted;
    for (let passed = changes[change]; passed && passed.toB <= next.start; passed = changes[++change]) {
      by = passed.toB - passed.toA;
    }
    const isInsideChange = (changes[change]?.fromB ?? Number.POSITIVE_INFINITY) < next.start;
    const oldStart = next.start - by;
    while (!isInsideChange && (old[index]?.start ?? oldStart) < oldStart) index++;
    if (!isInsideChange && kept()?.start === oldStart) {
      for (let unit = kept(); unit; unit = kept()) {
        extracted.push(movedUnit(unit, by));
        at = unit.end + by;
        index++;
        if (isStepDone(reuseCost)) yield;
      }
    } else {
      extracted.push({ ...next, blocks: units.extract(next) });
      at = next.end;
      if (isStepDone(next.end - next.start + blockCost)) yield;
    }
  }
}

function movedUnit(unit: ExtractedUnit, by: number): ExtractedUnit {
  if (by === 0) return unit;
  return {
    start: unit.start + by,
    end: unit.end + by,
    reach: unit.reach + by,
    blocks: unit.blocks.map((block) => movedBlock(block, by)),
  };
}
