import type { ChangedRange } from './edits';

/**
 * Finds what stood in a text at the places of a new text that changes led to. Places are to be asked for in
 * order.
 */
export class OldItems<T extends { readonly start: number }> {
  readonly #items: readonly T[];
  readonly #changes: readonly ChangedRange[];
  #item = 0;
  #change = 0;
  /** How far the text between the changes passed and the next one has moved. */
  #by = 0;

  /** @param items in order. */
  constructor(items: readonly T[], changes: readonly ChangedRange[]) {
    this.#items = items;
    this.#changes = changes;
  }

  /** The first item that was neither passed nor is in front of the place last asked for. */
  get next(): T | undefined {
    return this.#items[this.#item];
  }

  /** Leaves the next item behind, for a caller that found its place by itself. */
  pass(): void {
    this.#item++;
  }

  /** The item that began where the text at `start` was. */
  at(start: number): T | undefined {
    let change = this.#changes[this.#change];
    while (change && change.toB <= start) {
      this.#by = change.toB - change.toA;
      change = this.#changes[++this.#change];
    }
    if (change && change.fromB < start) return undefined;
    const oldStart = start - this.#by;
    let item = this.#items[this.#item];
    while (item && item.start < oldStart) item = this.#items[++this.#item];
    return item?.start === oldStart ? item : undefined;
  }

  /** Whether a change touches the text between the start last asked for and `end`. */
  isTouched(end: number): boolean {
    return (this.#changes[this.#change]?.fromB ?? end) < end;
  }

  /** The changes behind the start last asked for, relative to it. */
  changesRelativeTo(start: number): ChangedRange[] {
    const oldStart = start - this.#by;
    return this.#changes.slice(this.#change).map(({ fromA, toA, fromB, toB }) => ({
      fromA: fromA - oldStart,
      toA: toA - oldStart,
      fromB: fromB - start,
      toB: toB - start,
    }));
  }
}
