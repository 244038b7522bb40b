import type { Mention } from '../tasks/results';
import type { Span } from '../text/span';
import { type IgnoredMention, standsIn } from './mentionContext';

/** A name that is not to be reported. */
export interface IgnoredWord {
  readonly text: string;
  /** Only as an entity of this type. */
  readonly type?: string | undefined;
  /** Otherwise upper and lower case are the same. */
  readonly caseSensitive?: boolean | undefined;
}

export interface MentionRules {
  /** The least score of types that `thresholds` does not name; null: what the model recommends. */
  readonly threshold: number | null;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly types: readonly string[];
  readonly words: readonly IgnoredWord[];
  /** Of this document. */
  readonly mentions: readonly IgnoredMention[];
  /** Texts of sentences of this document of which the sentiment is not reported. */
  readonly sentences: readonly string[];
}

/** Decides what is reported of a document. Types are compared regardless of case. */
export class MentionFilter {
  readonly #threshold: number | null;
  readonly #thresholds: ReadonlyMap<string, number>;
  readonly #types: ReadonlySet<string>;
  /** By their folded text. */
  readonly #words: ReadonlyMap<string, readonly IgnoredWord[]>;
  /** By their text. */
  readonly #mentions: ReadonlyMap<string, readonly IgnoredMention[]>;
  readonly #sentences: ReadonlySet<string>;

  constructor({ threshold, thresholds, types, words, mentions, sentences }: MentionRules) {
    this.#threshold = threshold;
    this.#thresholds = new Map(
      Object.entries(thresholds).map(([type, least]) => [type.toUpperCase(), least]),
    );
    this.#types = new Set(types.map((type) => type.toUpperCase()));
    this.#words = groupBy(words, ({ text }) => fold(text));
    this.#mentions = groupBy(mentions, ({ text }) => toPlain(text));
    this.#sentences = new Set(sentences.map(toPlain));
  }

  /**
   * @param sentence the text that the mention is of.
   * @param recommended the model's least score for the type and the language.
   */
  isReported(mention: Mention, sentence: string, recommended: number): boolean {
    const least = this.#thresholds.get(mention.type.toUpperCase()) ?? this.#threshold ?? recommended;
    return mention.score >= least && !this.ignores(mention, sentence);
  }

  /** Whether a rule names it, whatever its score. */
  ignores({ type, ...span }: Pick<Mention, 'type'> & Span, sentence: string): boolean {
    const name = type.toUpperCase();
    const isOfType = (rule: { readonly type?: string | undefined }) =>
      rule.type === undefined || rule.type.toUpperCase() === name;
    if (this.#types.has(name)) return true;
    if (this.#words.size === 0 && this.#mentions.size === 0) return false;
    const plain = toPlain(sentence.slice(span.start, span.end));
    const words = this.#words.get(plain.toLowerCase()) ?? [];
    const mentions = this.#mentions.get(plain) ?? [];
    return (
      words.some((word) => isOfType(word) && (!word.caseSensitive || toPlain(word.text) === plain)) ||
      mentions.some((mention) => isOfType(mention) && standsIn(mention, sentence, span))
    );
  }

  ignoresSentence(sentence: string): boolean {
    return this.#sentences.size > 0 && this.#sentences.has(toPlain(sentence));
  }
}

/** Compatible forms of a character are the same, and so are all blanks. */
const toPlain = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/gu, ' ');

const fold = (text: string): string => toPlain(text).toLowerCase();

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
