import AhoCorasick from 'modern-ahocorasick';
import { RE2JS } from 're2js';
import type { Mention } from '../tasks/results';
import { overlaps } from '../text/span';
import { foldCase } from './foldCase';
import type { EntryMode, GazetteerEntry, PatternEntry, TextEntry } from './gazetteerEntry';
import { isBoundary } from './wordBoundaries';

/**
 * So many names become one automaton. Nothing else runs while it is made, which takes about 20 ms; with more automata
 * every sentence takes longer.
 */
const NAMES_AN_AUTOMATON = 20_000;

/** So many entries are prepared in about a millisecond. */
const ENTRIES_A_STEP = 500;

/** What an entry found in a sentence. Its score is 1: somebody said so. */
export interface GazetteerMatch extends Mention {
  readonly isListed: true;
  readonly mode: EntryMode;
}

interface CompiledPattern {
  readonly entry: PatternEntry;
  readonly expression: RE2JS;
}

/**
 * A project's own names and terms. Finds those of a text in time linear in its length. Immutable, so that what it
 * found in a sentence may be kept as long as both exist.
 */
export class Gazetteer {
  /** The names as they are written, in the order of the file; patterns have none. */
  readonly texts: readonly string[];
  readonly #automata: readonly AhoCorasick[];
  /** By folded text, in the order of the file. */
  readonly #names: ReadonlyMap<string, readonly TextEntry[]>;
  readonly #patterns: readonly CompiledPattern[];
  readonly #found = new WeakMap<object, readonly GazetteerMatch[]>();

  private constructor(
    texts: readonly string[],
    automata: readonly AhoCorasick[],
    names: ReadonlyMap<string, readonly TextEntry[]>,
    patterns: readonly CompiledPattern[],
  ) {
    this.texts = texts;
    this.#automata = automata;
    this.#names = names;
    this.#patterns = patterns;
  }

  /** @param entries with usable patterns; see {@link patternProblem}. */
  static *build(entries: readonly GazetteerEntry[]): Generator<void, Gazetteer> {
    const texts: string[] = [];
    const names = new Map<string, TextEntry[]>();
    const patterns: CompiledPattern[] = [];
    for (const [index, entry] of entries.entries()) {
      if (index % ENTRIES_A_STEP === ENTRIES_A_STEP - 1) yield;
      if ('pattern' in entry) {
        const flags = entry.caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE;
        patterns.push({ entry, expression: RE2JS.compile(entry.pattern, flags) });
      } else {
        const text = toPlain(entry.text);
        texts.push(text);
        const key = foldCase(text);
        const same = names.get(key);
        if (same) same.push(entry);
        else names.set(key, [entry]);
      }
    }
    const keys = [...names.keys()];
    const automata: AhoCorasick[] = [];
    for (let start = 0; start < keys.length; start += NAMES_AN_AUTOMATON) {
      yield;
      automata.push(new AhoCorasick(keys.slice(start, start + NAMES_AN_AUTOMATON)));
    }
    return new Gazetteer(texts, automata, names, patterns);
  }

  /** As {@link find}, remembered for the object. */
  findIn(sentence: { readonly text: string }): readonly GazetteerMatch[] {
    let found = this.#found.get(sentence);
    if (!found) {
      found = this.find(sentence.text);
      this.#found.set(sentence, found);
    }
    return found;
  }

  /**
   * In order, not overlapping: what begins first wins, then what is longest, then what stands first in the file,
   * names before patterns.
   */
  find(text: string): readonly GazetteerMatch[] {
    const matches = [...this.#findNames(text), ...this.#findPatterns(text)];
    matches.sort((a, b) => a.start - b.start || b.end - a.end);
    let end = 0;
    return matches.filter((match) => {
      if (match.start < end) return false;
      end = match.end;
      return true;
    });
  }

  *#findNames(text: string): Generator<GazetteerMatch> {
    const folded = foldCase(text);
    for (const automaton of this.#automata) {
      for (const { start, end, pattern } of automaton.iterate(folded)) {
        if (!isBoundary(text, start) || !isBoundary(text, end)) continue;
        const written = text.slice(start, end);
        const entry = this.#names
          .get(pattern)
          ?.find((candidate) => !candidate.caseSensitive || toPlain(candidate.text) === written);
        if (entry) yield { start, end, type: entry.type, score: 1, isListed: true, mode: entry.mode };
      }
    }
  }

  *#findPatterns(text: string): Generator<GazetteerMatch> {
    for (const { entry, expression } of this.#patterns) {
      const matcher = expression.matcher(text);
      while (matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()];
        if (start < end) yield { start, end, type: entry.type, score: 1, isListed: true, mode: entry.mode };
      }
    }
  }
}

/** Blanks of a sentence are single spaces. */
const toPlain = (text: string): string => text.trim().replace(/\s+/gu, ' ');

/** Why a pattern cannot be used, in the words of RE2; undefined if it can. */
export function patternProblem(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * What is reported of a sentence: matches of the gazetteer in place of the model's entities or between them.
 *
 * @param mentions of the model, in order, those that are not reported left out.
 * @param matches in order, those that are not reported left out.
 */
export function mergeMentions<M extends Mention>(
  mentions: readonly M[],
  matches: readonly GazetteerMatch[],
): (M | GazetteerMatch)[] {
  if (matches.length === 0) return [...mentions];
  const overriding = matches.filter(({ mode }) => mode === 'override');
  const kept = mentions.filter((mention) => !overriding.some((match) => overlaps(match, mention)));
  const filling = matches.filter(
    (match) => match.mode === 'fill' && !kept.some((mention) => overlaps(match, mention)),
  );
  return [...kept, ...overriding, ...filling].sort((a, b) => a.start - b.start);
}
