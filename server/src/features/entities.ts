import { t } from '@vscode/l10n';
import type { Sentence } from '../core/text/prose';
import { overlapsAny, type Span, shiftSpan } from '../core/text/span';
import type { EntityMark } from '../protocol/protocol';
import { type ReportedMention, reportedMentions } from '../rules/reportedMentions';
import type { DocumentSession } from '../scheduling/documentSession';
import { sentencesIn } from '../scheduling/layout';

/** An entity with the sentence that it is of. */
export interface PlacedMention {
  readonly entity: EntityMark;
  /** Where it stands in the text of the sentence. */
  readonly mention: ReportedMention;
  readonly sentence: Sentence;
}

/** The entities known in a stretch of a document that the user's settings let through, in order. */
export const entitiesIn = (session: DocumentSession, span: Span): EntityMark[] =>
  // Those of a note stand between those of the sentence around it.
  Array.from(placedMentionsIn(session, span), ({ entity }) => entity).sort((a, b) => a.start - b.start);

function* placedMentionsIn(session: DocumentSession, span: Span): Generator<PlacedMention> {
  const { settings, layout, ignored, rules } = session;
  if (!settings['entities.enabled']) return;
  for (const { sentence, block } of sentencesIn(layout, span)) {
    const found = session.analysisOf(sentence)?.mentions;
    if (!found) continue;
    for (const mention of reportedMentions(
      sentence,
      found,
      session.mentionSource(sentence, block.block),
      rules,
    )) {
      const at = shiftSpan(sentence.toSource(mention), block.start);
      if (at.start < span.start || at.end > span.end || overlapsAny(ignored, at)) continue;
      const { type, score, isListed } = mention;
      yield { entity: { ...at, type, score, ...(isListed && { isListed }) }, mention, sentence };
    }
  }
}

export const allEntities = (session: DocumentSession): EntityMark[] =>
  entitiesIn(session, { start: 0, end: Number.POSITIVE_INFINITY });

/** The entity at an offset; its end belongs to it, so that a cursor behind the name finds it. */
export function placedMentionAt(session: DocumentSession, offset: number): PlacedMention | undefined {
  for (const { span } of sentencesIn(session.layout, { start: offset, end: offset })) {
    for (const placed of placedMentionsIn(session, span)) {
      if (placed.entity.start <= offset && offset <= placed.entity.end) return placed;
    }
  }
  return undefined;
}

export const entityAt = (session: DocumentSession, offset: number): EntityMark | undefined =>
  placedMentionAt(session, offset)?.entity;

/** The text of an entity as one would write it in a list: mark-up stays, line breaks become spaces. */
export const entityText = (session: DocumentSession, entity: Span): string =>
  session.document.getText().slice(entity.start, entity.end).replace(/\s+/gu, ' ');

/** What decides whether two entities are mentions of the same thing: type and text, regardless of case. */
export const entityKey = (session: DocumentSession, entity: EntityMark): string =>
  `${entity.type} ${entityText(session, entity).normalize('NFKC').toLocaleLowerCase()}`;

/** All mentions of what is mentioned at an offset, in order; none if nothing is. */
export function mentionsAt(session: DocumentSession, offset: number): readonly EntityMark[] {
  const entity = entityAt(session, offset);
  if (!entity) return [];
  const key = entityKey(session, entity);
  return [...allEntities(session)].filter((other) => entityKey(session, other) === key);
}

/** An entity type in words; types that are not known keep their name. */
export function entityTypeName(type: string): string {
  switch (type) {
    case 'PER':
      return t('Person');
    case 'ORG':
      return t('Organization');
    case 'LOC':
      return t('Location');
    case 'MISC':
      return t('Miscellaneous');
    default:
      return type;
  }
}
