import { type GazetteerMatch, mergeMentions } from '../core/gazetteer/gazetteer';
import type { Mention } from '../core/tasks/results';
import { isGap } from '../core/text/proseBlock';
import type { DocumentRules } from './documentRules';

export type ReportedMention = Mention & Partial<Pick<GazetteerMatch, 'isListed'>>;

/**
 * What is reported of a sentence: what the rules let through, and the gazetteer's. What stands in for code is no name,
 * whatever the model takes it for.
 *
 * @param found by the model.
 */
export function reportedMentions(
  sentence: { readonly text: string },
  found: readonly Mention[],
  { filter, gazetteer }: Pick<DocumentRules, 'filter' | 'gazetteer'>,
): readonly ReportedMention[] {
  const mentions = found.filter(
    (mention) =>
      !isGap(sentence.text, mention.start, mention.end) && filter.isReported(mention, sentence.text),
  );
  if (!gazetteer) return mentions;
  const listed = gazetteer.findIn(sentence).filter((match) => !filter.ignores(match, sentence.text));
  return mergeMentions(mentions, listed);
}
