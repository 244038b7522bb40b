import type { Gazetteer } from '../core/gazetteer/gazetteer';
import type { MentionFilter } from '../core/ignore/mentionFilter';

/** What settings and the workspace's rule file say of one document. */
export interface DocumentRules {
  readonly ignoresFile: boolean;
  readonly filter: MentionFilter;
  readonly gazetteer: Gazetteer | undefined;
}
