import type { Mention } from '../tasks/results';

/** What can only go on with a user-perceived character: a cheap test before the segmenter is asked. */
const extending = /[\p{Mark}\p{Grapheme_Extend}\p{Emoji_Modifier}\u200D]/uy;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Moves the ends of mentions that fall inside a user-perceived character behind it. Tokenizers that strip
 * accents leave trailing combining marks out of the last piece's offsets; a highlight must not end before them.
 * Ends at a boundary stay as they are, and no mention is extended into the next one.
 *
 * @param mentions in order of their start; spans relative to `text`.
 */
export function extendToGraphemes(mentions: readonly Mention[], text: string): readonly Mention[] {
  return mentions.map((mention, i) => {
    const end = graphemeEnd(text, mention.end);
    const next = mentions[i + 1];
    return end === mention.end || (next && next.start < end) ? mention : { ...mention, end };
  });
}

function graphemeEnd(text: string, offset: number): number {
  extending.lastIndex = offset;
  if (offset === 0 || !extending.test(text)) return offset;
  const grapheme = segmenter.segment(text).containing(offset);
  return !grapheme || grapheme.index === offset ? offset : grapheme.index + grapheme.segment.length;
}
