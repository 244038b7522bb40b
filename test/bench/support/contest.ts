import type { Contender } from './contenders';
import { median } from './statistics';

/** Contenders that do the same work in turns, so that the machine's moods hit all alike. */
export class Contest {
  readonly #items: number;
  readonly #contenders: readonly Contender[];
  /** Items a second, by round. */
  readonly #speeds = new Map<Contender, number[]>();

  /** @param items that each contender works on in a round. */
  constructor(items: number, contenders: readonly Contender[]) {
    this.#items = items;
    this.#contenders = contenders;
  }

  /** One round: everyone once. */
  async run(isCounted: boolean): Promise<void> {
    for (const contender of this.#contenders) {
      const milliseconds = await contender.run();
      if (!isCounted) continue;
      const speed = (this.#items / milliseconds) * 1_000;
      this.#speeds.set(contender, [...this.speeds(contender), speed]);
    }
  }

  /** Items a second in each round. */
  speeds(contender: Contender): readonly number[] {
    return this.#speeds.get(contender) ?? [];
  }

  fastest(contenders: readonly Contender[]): Contender {
    return contenders.reduce((best, one) =>
      median(this.speeds(one)) > median(this.speeds(best)) ? one : best,
    );
  }

  /** The median of the ratios within each round. */
  ratio(a: Contender, b: Contender): number {
    const divisors = this.speeds(b);
    return median(this.speeds(a).map((speed, round) => speed / (divisors[round] ?? Number.NaN)));
  }
}
