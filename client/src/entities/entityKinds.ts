/** What a person is shown of an entity type: models name their types differently. */
export type EntityKind = 'person' | 'organization' | 'location' | 'miscellaneous' | 'other';

export const entityKinds: readonly EntityKind[] = [
  'person',
  'organization',
  'location',
  'miscellaneous',
  'other',
];

/** The names of CoNLL-2003, OntoNotes and WikiNER that mean the same. */
const kinds: Readonly<Record<string, EntityKind>> = {
  PER: 'person',
  PERSON: 'person',
  ORG: 'organization',
  ORGANIZATION: 'organization',
  ORGANISATION: 'organization',
  LOC: 'location',
  LOCATION: 'location',
  GPE: 'location',
  FAC: 'location',
  MISC: 'miscellaneous',
};

/** @param type as the model names it, for instance `PER` */
export const entityKind = (type: string): EntityKind => kinds[type.toUpperCase()] ?? 'other';
