import { type Columns, columns } from '../core/surfaces/columns';
import type { Span } from '../core/text/span';
import { splitWords } from './words';

/** A mention to tag; `start` and `end` are relative to the sentence. */
export interface TaggedMention extends Span {
  readonly type: string;
}

/** Begins the sentences of one document in the CoNLL-2003 files; readers skip it. */
export const documentStart = columns.text`-DOCSTART- O\n\n`;

/**
 * One sentence in the CoNLL format with two columns, word and IOB2 tag, divided by a space; an empty line
 * ends the sentence. The first word of a mention is `B-type`, the others `I-type`, all else `O`.
 *
 * @param mentions in order, not overlapping.
 * @returns an empty string where the sentence has no words.
 */
export const toConll = (sentence: string, mentions: readonly TaggedMention[]): Columns => {
  const lines: Columns[] = [];
  let next = 0;
  let opened = -1;
  for (const { start, end } of splitWords(sentence, mentions)) {
    // Nothing is left of a word of direction marks only.
    const word = columns.escape(sentence.slice(start, end));
    if (word === '') continue;
    while (next < mentions.length && (mentions[next]?.end ?? 0) <= start) next++;
    const mention = mentions[next];
    // Edges of mentions are edges of words, so a word lies inside of a mention or outside.
    const inside = mention !== undefined && mention.start <= start;
    const tag = inside ? `${opened === next ? 'I' : 'B'}-${columns.name(mention.type)}` : 'O';
    if (inside) opened = next;
    lines.push(columns.text`${word} ${columns.escape(tag)}\n`);
  }
  return lines.length > 0 ? columns.text`${columns.join(lines, '')}\n` : columns.text``;
};
