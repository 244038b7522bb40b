/**
 * Numbers from 0 to below `total` in random order, each once, the same ones for the same seed on every machine.
 * Takes memory for the numbers that were taken only (a Fisher–Yates shuffle that notes what it moved).
 *
 * @param seed a whole number; its lower 32 bits count.
 */
export function* sampleIndices(total: number, seed: number): Generator<number, void> {
  const random = randomNumbers(seed);
  const moved = new Map<number, number>();
  for (let left = total; left > 0; left--) {
    const at = Math.floor(random() * left);
    yield moved.get(at) ?? at;
    moved.set(at, moved.get(left - 1) ?? left - 1);
    moved.delete(left - 1);
  }
}

/** Xorshift32 (Marsaglia 2003): 0 ≤ number < 1. Good enough to draw a sample, and nothing else. */
const randomNumbers = (seed: number): (() => number) => {
  // It would stay at zero for ever; and the first numbers of small seeds would be small, too.
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ 0x6d2b79f5 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
