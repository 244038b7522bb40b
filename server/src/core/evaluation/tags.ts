import type { Span } from '../text/span';

/** An entity as somebody annotated it or a model found it. */
export interface TypedSpan extends Span {
  readonly type: string;
}

const prefixedTag = /^([BIESMLU])-(.+)$/u;

/** Whether a field is a tag: `O`, or a prefix of IOB1, IOB2, BIOES, BMES or BILOU with a type. */
export const isTag = (field: string): boolean => field === 'O' || prefixedTag.test(field);

/**
 * Reads tags of any of the usual schemes, told apart by nothing: a prefix means the same in all of them, except
 * that an entity of IOB1 may begin with `I-`. This is how the shared tasks' own script, conlleval, reads them.
 *
 * @param tags one a token; what is no tag counts as `O`.
 * @returns spans of token indices, in order.
 */
export const readTags = (tags: readonly string[]): readonly TypedSpan[] => {
  const spans: TypedSpan[] = [];
  let open: { readonly start: number; readonly type: string } | undefined;
  const close = (end: number): void => {
    if (open) spans.push({ ...open, end });
    open = undefined;
  };
  for (const [i, tag] of tags.entries()) {
    const [, prefix = 'O', type = ''] = prefixedTag.exec(tag) ?? [];
    const begins = prefix === 'B' || prefix === 'S' || prefix === 'U';
    if (prefix === 'O' || begins || open?.type !== type) close(i);
    if (prefix === 'O') continue;
    open ??= { start: i, type };
    if (prefix === 'E' || prefix === 'L' || prefix === 'S' || prefix === 'U') close(i + 1);
  }
  close(tags.length);
  return spans;
};
