import type { Span } from '../core/text/span';
import { splitWords } from './words';

/** A mention to tag; `start` and `end` are relative to the sentence. */
export interface TaggedMention extends Span {
  readonly type: string;
}

/** Begins the sentences of one document in the CoNLL-2003 files; readers skip it. */
export const documentStart = '-DOCSTART- O\n\n';

/**
 * One sentence in the CoNLL format with two columns, word and IOB2 tag, divided by a space; an empty line
 * ends the sentence. The first word of a mention is `B-type`, the others `I-type`, all else `O`.
 *
 * @param mentions in order, not overlapping.
 * @returns an empty string where the sentence has no words.
 */
export const toConll = (sentence: string, mentions: readonly TaggedMention[]): string => {
  const lines: string[] = [];
  let next = 0;
  let opened = -1;
  for (const word of splitWords(sentence, mentions)) {
    while (next < mentions.length && (mentions[next]?.end ?? 0) <= word.start) next++;
    const mention = mentions[next];
    // Edges of mentions are edges of words, so a word lies inside of a mention or outside.
    const inside = mention !== undefined && mention.start <= word.start;
    const tag = inside ? `${opened === next ? 'I' : 'B'}-${mention.type}` : 'O';
    if (inside) opened = next;
    lines.push(`${sentence.slice(word.start, word.end)} ${tag}\n`);
  }
  return lines.length > 0 ? `${lines.join('')}\n` : '';
};
