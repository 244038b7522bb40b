import type { Span } from './span';

/**
 * A sentence of a prose block: the unit that is inferred and cached.
 * Its `text` is what the model sees: line breaks and mark-up replaced, code replaced by {@link GAP}.
 */
export interface Sentence {
  readonly text: string;
  /** Where the sentence stands in the source, relative to the start of its block. */
  readonly source: Span;
  /**
   * Maps a span of `text` to the source, relative to the start of the block. The start goes to the source of
   * the first character, the end to just behind the source of the last one, so mark-up inside is covered and
   * mark-up around is not.
   */
  toSource(span: Span): Span;
  /** Offsets in `text` where the author ended a line on purpose: no name goes on there. */
  readonly lineEnds: readonly number[];
}

/**
 * A run of prose that no sentence crosses: a paragraph, a heading, a table cell. Immutable, and free of its
 * position in the document, so that an unchanged block is the same object after an edit elsewhere. No object stands
 * at two places of a document, though there may be others with the same text.
 */
export interface ProseBlock {
  /** In the order of their starts. The sentences of a note stand inside of the one that it is a note to. */
  readonly sentences: readonly Sentence[];
}

/** A block at its place. Blocks of a document are in order and do not overlap. */
export interface PlacedBlock extends Span {
  readonly block: ProseBlock;
}

/** One edit: `[start, end)` of the old text became `text`. Offsets are those at the time of this edit. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * Finds the prose of one document and follows it through edits.
 *
 * `update` is a generator so that a caller may pause between steps: a step takes a few milliseconds whatever
 * the size of the document. Abandoning one half-way is allowed; the next update then starts from scratch.
 */
export interface ProseExtractor {
  /**
   * @param text the whole document as it is now.
   * @param edits what changed since the text of the last finished update, oldest first; omit to start afresh.
   * @returns all blocks in order; blocks that the edits did not touch are the same objects as before.
   */
  update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]>;
}

/** Stands in a sentence for something that is not prose (inline code, a URL): to a model, an unknown word. */
export const GAP = '\uFFFC';
