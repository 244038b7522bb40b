/** How an entry gets along with what the model says: `override` replaces it, `fill` stands back behind it. */
export const entryModes = ['override', 'fill'] as const;
export type EntryMode = (typeof entryModes)[number];

interface EntryOptions {
  /** Entity type, one of the model's or any other. */
  readonly type: string;
  readonly caseSensitive: boolean;
  readonly mode: EntryMode;
}

/** A name as it is written. */
export interface TextEntry extends EntryOptions {
  readonly text: string;
}

/** A regular expression in RE2's syntax: no look-around, no back-references, and no text that takes it long. */
export interface PatternEntry extends EntryOptions {
  readonly pattern: string;
}

export type GazetteerEntry = TextEntry | PatternEntry;

/** Longer patterns are refused: RE2 takes time in proportion to the length of the pattern, too. */
export const maximumPatternLength = 1_000;

/** Every sentence is searched for each pattern by itself, so there may not be as many as there are names. */
export const maximumPatterns = 200;
