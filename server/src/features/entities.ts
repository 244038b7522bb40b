import { t } from '@vscode/l10n';
import { type Span, shiftSpan } from '../core/text/span';
import type { EntityMark } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import { sentencesIn } from '../scheduling/layout';

/** The entities known in a stretch of a document that the user's settings let through, in order. */
export function* entitiesIn(session: DocumentSession, span: Span): Generator<EntityMark> {
  const { settings, layout } = session;
  if (!settings['entities.enabled']) return;
  const threshold = settings['entities.threshold'];
  for (const { sentence, block } of sentencesIn(layout, span)) {
    for (const mention of session.analysisOf(sentence)?.mentions ?? []) {
      if (mention.score < threshold) continue;
      const at = shiftSpan(sentence.toSource(mention), block.start);
      if (at.start >= span.start && at.end <= span.end)
        yield { ...at, type: mention.type, score: mention.score };
    }
  }
}

export const allEntities = (session: DocumentSession): Generator<EntityMark> =>
  entitiesIn(session, { start: 0, end: Number.POSITIVE_INFINITY });

/** The entity at an offset; its end belongs to it, so that a cursor behind the name finds it. */
export function entityAt(session: DocumentSession, offset: number): EntityMark | undefined {
  for (const { span } of sentencesIn(session.layout, { start: offset, end: offset })) {
    for (const entity of entitiesIn(session, span)) {
      if (entity.start <= offset && offset <= entity.end) return entity;
    }
  }
  return undefined;
}

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
