import { type GazetteerMatch, mergeMentions } from '../core/gazetteer/gazetteer';
import { leastScoreOf, type RecommendedScores } from '../core/tasks/leastScores';
import type { Mention } from '../core/tasks/results';
import { isGap } from '../core/text/proseBlock';
import { crossesLineEnd, cutAtLineEnds, type SentenceLines } from './cutAtLineEnds';
import type { DocumentRules } from './documentRules';

export type ReportedMention = Mention & Partial<Pick<GazetteerMatch, 'isListed'>>;

/** What the model that found them recommends for the language of the sentence. */
export interface MentionSource {
  readonly leastScores: RecommendedScores | undefined;
  /** As of `toLanguageCode`; undefined where it is not certain. */
  readonly language: string | undefined;
}

/**
 * What is reported of a sentence: what the rules let through, and the gazetteer's. What stands in for code is no name,
 * whatever the model takes it for, and no name goes on behind a line that was ended on purpose.
 *
 * @param found by the model.
 */
export function reportedMentions(
  sentence: SentenceLines,
  found: readonly Mention[],
  { leastScores, language }: MentionSource,
  { filter, gazetteer }: Pick<DocumentRules, 'filter' | 'gazetteer'>,
): readonly ReportedMention[] {
  const mentions = found
    .flatMap((mention) => cutAtLineEnds(mention, sentence))
    .filter(
      (mention) =>
        !isGap(sentence.text, mention.start, mention.end) &&
        filter.isReported(mention, sentence.text, leastScoreOf(mention.type, leastScores, language)),
    );
  if (!gazetteer) return mentions;
  const listed = gazetteer
    .findIn(sentence)
    .filter((match) => !crossesLineEnd(match, sentence) && !filter.ignores(match, sentence.text));
  return mergeMentions(mentions, listed);
}
