import { meanScores, type Scores, type Tally, toScores } from '../../core/evaluation/scores';
import { compareSpans, type SpanOutcome, tallyOutcomes } from '../../core/evaluation/spans';
import type { TypedSpan } from '../../core/evaluation/tags';
import type { Mention } from '../../core/tasks/results';
import { overlaps } from '../../core/text/span';
import { byLanguage, languageOf } from './languages';
import type { EntityText } from './readEntities';

export interface EntityGroup extends Tally, Scores {
  /** The type or the language. */
  readonly name: string;
  readonly sentences: number;
}

export interface EntityEvaluation {
  readonly sentences: number;
  /** Counted over all entities. */
  readonly micro: Tally & Scores;
  /** Means over the types, and over the languages, that are annotated at all. */
  readonly macroTypes: Scores;
  readonly macroLanguages: Scores;
  readonly types: readonly EntityGroup[];
  readonly languages: readonly EntityGroup[];
  readonly errors: EntityErrors;
  /** Right span, wrong type; most frequent first. */
  readonly confusedTypes: readonly {
    readonly annotated: string;
    readonly found: string;
    readonly count: number;
  }[];
  /** Taken out before anything was counted; by type, most frequent first. */
  readonly leftOut: {
    /** Annotated, of a type that the model does not know. */
    readonly unknown: readonly TypeCount[];
    /** Found over one of those: nobody says whether rightly. */
    readonly overUnknown: readonly TypeCount[];
    /** Found, of a type that the source of the text annotates nowhere in this language. */
    readonly notAnnotated: readonly TypeCount[];
  };
}

/** Pairs are of an annotated and a found entity; see `SpanOutcome`. */
export type EntityErrors = { readonly [Kind in Exclude<keyof SpanOutcome, 'right'>]: number };

export interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/**
 * Compares what was found with what is annotated: exact spans and types.
 *
 * @param found one list a text; scores below the threshold are already gone.
 * @param modelTypes all types that the model knows.
 */
export const evaluateEntities = (
  texts: readonly EntityText[],
  found: readonly (readonly Mention[])[],
  modelTypes: readonly string[],
): EntityEvaluation => {
  const known = new Set(modelTypes);
  const annotatedTypes = typesBySource(texts);
  const unknown: string[] = [];
  const overUnknown: string[] = [];
  const notAnnotated: string[] = [];
  const outcomes = new Map<EntityText, SpanOutcome>();
  for (const [i, text] of texts.entries()) {
    const strange = text.entities.filter(({ type }) => !known.has(type));
    for (const { type } of strange) unknown.push(type);
    const kept: TypedSpan[] = [];
    for (const mention of found[i] ?? []) {
      if (strange.some((other) => overlaps(mention, other))) overUnknown.push(mention.type);
      else if (!annotatedTypes.get(sourceOf(text))?.has(mention.type)) notAnnotated.push(mention.type);
      else kept.push(mention);
    }
    outcomes.set(
      text,
      compareSpans(
        text.entities.filter(({ type }) => known.has(type)),
        kept,
      ),
    );
  }
  const all = [...outcomes.values()];
  const types = modelTypes
    .map((type) => toGroup(type, all, type))
    .filter(({ annotated, found: count }) => annotated + count > 0);
  const languages = [...byLanguage(texts)].map(([language, group]) =>
    toGroup(
      language,
      group.flatMap((text) => outcomes.get(text) ?? []),
    ),
  );
  const micro = tallyOutcomes(all);
  return {
    sentences: texts.length,
    micro: { ...micro, ...toScores(micro) },
    macroTypes: meanOfAnnotated(types),
    macroLanguages: meanOfAnnotated(languages),
    types,
    languages,
    errors: {
      type: countOf(all, 'type'),
      boundary: countOf(all, 'boundary'),
      both: countOf(all, 'both'),
      missed: countOf(all, 'missed'),
      spurious: countOf(all, 'spurious'),
    },
    confusedTypes: toConfusedTypes(all),
    leftOut: {
      unknown: toTypeCounts(unknown),
      overUnknown: toTypeCounts(overUnknown),
      notAnnotated: toTypeCounts(notAnnotated),
    },
  };
};

/** Types of a token head, without the prefixes of its labels, in their order. */
export const toTypes = (tokenLabels: readonly string[]): readonly string[] => [
  ...new Set(tokenLabels.filter((label) => label !== 'O').map((label) => label.replace(/^[BIES]-/u, ''))),
];

const sourceOf = (text: EntityText): string => JSON.stringify([languageOf(text), text.source]);

/** A source that never marks a type is no evidence against a model that does. */
const typesBySource = (texts: readonly EntityText[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const sources = new Map<string, Set<string>>();
  for (const text of texts) {
    const types = sources.get(sourceOf(text)) ?? new Set();
    for (const { type } of text.entities) types.add(type);
    sources.set(sourceOf(text), types);
  }
  return sources;
};

const toGroup = (name: string, outcomes: readonly SpanOutcome[], type?: string): EntityGroup => {
  const tally = tallyOutcomes(outcomes, type);
  return { name, sentences: outcomes.length, ...tally, ...toScores(tally) };
};

const meanOfAnnotated = (groups: readonly EntityGroup[]): Scores =>
  meanScores(groups.filter(({ annotated }) => annotated > 0));

const countOf = (outcomes: readonly SpanOutcome[], kind: keyof SpanOutcome): number =>
  outcomes.reduce((sum, outcome) => sum + outcome[kind].length, 0);

const toConfusedTypes = (outcomes: readonly SpanOutcome[]): EntityEvaluation['confusedTypes'] => {
  const counts = new Map<string, { annotated: string; found: string; count: number }>();
  for (const { annotated, found } of outcomes.flatMap(({ type }) => type)) {
    const key = JSON.stringify([annotated.type, found.type]);
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { annotated: annotated.type, found: found.type, count });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
};

const toTypeCounts = (types: readonly string[]): readonly TypeCount[] => {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count);
};
