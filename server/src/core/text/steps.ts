/*
 * How much work an extractor does between two yields. The unit is what it costs to extract a character, some
 * tenth of a microsecond.
 */

const stepCost = 3_000;

/** What a block costs beside its characters. */
export const blockCost = 100;

/** What it costs to take over a block that an edit did not touch. */
export const reuseCost = 2;

/** Adds up costs; tells when they fill a step. */
export function createStepCounter(): (cost: number) => boolean {
  let total = 0;
  return (cost) => {
    total += cost;
    if (total < stepCost) return false;
    total = 0;
    return true;
  };
}
