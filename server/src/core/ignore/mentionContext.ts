import { isBoundary } from '../gazetteer/wordBoundaries';
import type { Span } from '../text/span';

/** So much of the sentence on each side tells a mention from others of the same name. */
const CONTEXT_CHARACTERS = 16;

/** What stands around a mention in its sentence. */
export interface MentionContext {
  /** Directly in front of it; empty at the beginning of the sentence. Anything if left out. */
  readonly before?: string | undefined;
  /** Directly behind it; empty at the end of the sentence. Anything if left out. */
  readonly after?: string | undefined;
}

/** One mention that is not to be reported, and those that cannot be told from it. */
export interface IgnoredMention extends MentionContext {
  /** As it is written. */
  readonly text: string;
  /** Only as an entity of this type. */
  readonly type?: string | undefined;
}

/** The context of a mention, in whole words. */
export function contextOf(
  sentence: string,
  { start, end }: Span,
): { readonly before: string; readonly after: string } {
  let [from, to] = [
    Math.max(0, start - CONTEXT_CHARACTERS),
    Math.min(sentence.length, end + CONTEXT_CHARACTERS),
  ];
  while (!isBoundary(sentence, from)) from--;
  while (!isBoundary(sentence, to)) to++;
  return { before: sentence.slice(from, start), after: sentence.slice(end, to) };
}

/** Whether a mention of a sentence stands in a context. */
export function standsIn({ before, after }: MentionContext, sentence: string, { start, end }: Span): boolean {
  const [head, tail] = [sentence.slice(0, start), sentence.slice(end)];
  return (
    (before === undefined || (before === '' ? head === '' : head.endsWith(before))) &&
    (after === undefined || (after === '' ? tail === '' : tail.startsWith(after)))
  );
}
