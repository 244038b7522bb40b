import type { Mention } from '../tasks/results';

/** A name that is not to be reported. */
export interface IgnoredWord {
  readonly text: string;
  /** Only as an entity of this type. */
  readonly type?: string | undefined;
  /** Otherwise upper and lower case are the same. */
  readonly caseSensitive?: boolean | undefined;
}

export interface MentionRules {
  /** The least score of types that `thresholds` does not name. */
  readonly threshold: number;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly types: readonly string[];
  readonly words: readonly IgnoredWord[];
}

/** Decides which entities are reported. Types are compared regardless of case. */
export class MentionFilter {
  readonly #threshold: number;
  readonly #thresholds: ReadonlyMap<string, number>;
  readonly #types: ReadonlySet<string>;
  /** By their folded text. */
  readonly #words = new Map<string, IgnoredWord[]>();

  constructor({ threshold, thresholds, types, words }: MentionRules) {
    this.#threshold = threshold;
    this.#thresholds = new Map(
      Object.entries(thresholds).map(([type, least]) => [type.toUpperCase(), least]),
    );
    this.#types = new Set(types.map((type) => type.toUpperCase()));
    for (const word of words) {
      const key = fold(word.text);
      this.#words.set(key, [...(this.#words.get(key) ?? []), word]);
    }
  }

  /** @param text what the sentence says there. */
  isReported({ type, score }: Mention, text: string): boolean {
    const name = type.toUpperCase();
    return score >= (this.#thresholds.get(name) ?? this.#threshold) && !this.ignores(type, text);
  }

  ignores(type: string, text: string): boolean {
    const name = type.toUpperCase();
    if (this.#types.has(name)) return true;
    if (this.#words.size === 0) return false;
    const words = this.#words.get(fold(text)) ?? [];
    return words.some(
      (word) =>
        (word.type === undefined || word.type.toUpperCase() === name) &&
        (!word.caseSensitive || toPlain(word.text) === toPlain(text)),
    );
  }
}

/** Compatible forms of a character are the same, and so are all blanks. */
const toPlain = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/gu, ' ');

const fold = (text: string): string => toPlain(text).toLowerCase();
