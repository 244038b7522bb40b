import { t } from '@vscode/l10n';
import { type GazetteerMatch, mergeMentions } from '../core/gazetteer/gazetteer';
import type { Mention } from '../core/tasks/results';
import type { Sentence } from '../core/text/prose';
import { overlapsAny, type Span, shiftSpan } from '../core/text/span';
import type { EntityMark } from '../protocol/protocol';
import type { DocumentSession } from '../scheduling/documentSession';
import { sentencesIn } from '../scheduling/layout';

type ReportedMention = Mention & Partial<Pick<GazetteerMatch, 'isListed'>>;

/** The entities known in a stretch of a document that the user's settings let through, in order. */
export function* entitiesIn(session: DocumentSession, span: Span): Generator<EntityMark> {
  const { settings, layout, ignored } = session;
  if (!settings['entities.enabled']) return;
  for (const { sentence, block } of sentencesIn(layout, span)) {
    for (const { start, end, type, score, isListed } of mentionsOf(session, sentence)) {
      const at = shiftSpan(sentence.toSource({ start, end }), block.start);
      if (at.start < span.start || at.end > span.end || overlapsAny(ignored, at)) continue;
      yield { ...at, type, score, ...(isListed && { isListed }) };
    }
  }
}

/** What is reported of a sentence, apart from where it stands: what the rules let through, and the gazetteer's. */
function mentionsOf(session: DocumentSession, sentence: Sentence): readonly ReportedMention[] {
  const analysis = session.analysisOf(sentence);
  if (!analysis) return [];
  const { filter, gazetteer } = session.rules;
  const textOf = ({ start, end }: Span) => sentence.text.slice(start, end);
  const found = analysis.mentions.filter((mention) => filter.isReported(mention, textOf(mention)));
  if (!gazetteer) return found;
  const listed = gazetteer.findIn(sentence).filter((match) => !filter.ignores(match.type, textOf(match)));
  return mergeMentions(found, listed);
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
