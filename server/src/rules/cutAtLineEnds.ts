import { skipBlanks, trimEnd } from '../core/text/blanks';
import type { Sentence } from '../core/text/prose';
import type { Span } from '../core/text/span';

/** What is read of a sentence to know where its names end. */
export type SentenceLines = Pick<Sentence, 'text'> & Partial<Pick<Sentence, 'lineEnds'>>;

/** The lines of a name, which ends where the author ended a line on purpose: what seems one name are several there. */
export function cutAtLineEnds<M extends Span>(mention: M, { text, lineEnds = [] }: SentenceLines): M[] {
  const inside = lineEnds.filter((at) => mention.start < at && at < mention.end);
  if (inside.length === 0) return [mention];
  return [mention.start, ...inside].flatMap((from, index) => {
    const to = inside[index] ?? mention.end;
    const start = skipBlanks(text, from, to);
    const end = trimEnd(text, start, to);
    return start < end ? [{ ...mention, start, end }] : [];
  });
}

export const crossesLineEnd = ({ start, end }: Span, { lineEnds = [] }: SentenceLines): boolean =>
  lineEnds.some((at) => start < at && at < end);
