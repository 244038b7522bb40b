/** What entity types of all models have in common: decides colour and icon. */
export type EntityFamily = 'person' | 'organization' | 'location' | 'miscellaneous' | 'other';

export const entityFamilies: readonly EntityFamily[] = [
  'person',
  'organization',
  'location',
  'miscellaneous',
  'other',
];

/**
 * The types of CoNLL-2003, OntoNotes, WikiNER, GermEval, WNUT, MultiCoNER, CLUENER, MSRA and the Japanese Wikipedia
 * set, in upper case. As in CoNLL, a name of neither person, organization nor place is miscellaneous; what is no name
 * at all (dates, numbers, titles) is other.
 */
const typesOf: Readonly<Record<Exclude<EntityFamily, 'other'>, readonly string[]>> = {
  person: ['PER', 'PERS', 'PERSON', 'NAME', 'NR', '人名'],
  organization: [
    ...[
      'ORG',
      'ORGANIZATION',
      'ORGANISATION',
      'COMPANY',
      'CORP',
      'CORPORATION',
      'GOVERNMENT',
      'GROUP',
      'GRP',
    ],
    ...['INSTITUTION', 'NT', '机构名', '法人名', '組織名', '政治的組織名', 'その他の組織名'],
  ],
  location: [
    ...['LOC', 'LOCATION', 'GPE', 'GSP', 'GEO', 'FAC', 'FACILITY', 'PLACE', 'CITY', 'COUNTRY', 'STATE'],
    ...['ADDRESS', 'BUILDING', 'SCENE', 'NS', '地名', '施設名'],
  ],
  miscellaneous: [
    ...['MISC', 'MISCELLANEOUS', 'OTH', 'OTHER', 'NORP', 'PRODUCT', 'PROD', 'EVENT', 'WORK_OF_ART', 'LAW'],
    ...['LANGUAGE', 'ART', 'BOOK', 'GAME', 'MOVIE', 'CW', 'CREATIVE-WORK', '製品名', 'イベント名'],
  ],
};

const families: ReadonlyMap<string, EntityFamily> = new Map(
  entityFamilies.flatMap((family) =>
    family === 'other' ? [] : typesOf[family].map((type) => [type, family] as const),
  ),
);

/**
 * The family of an entity type, whatever its spelling: `PER`, `person`, `person-actor` (a subtype, as in Few-NERD) and
 * `PERderiv` (as in GermEval) are persons. What is not known, `LABEL_3` for instance, is `other`.
 *
 * @param type as the model names it, without its IOB prefix.
 */
export function entityFamily(type: string): EntityFamily {
  const name = type.toUpperCase();
  const coarse = name.replace(/(?:DERIV|PART)$|[-/.].*$/u, '');
  return families.get(name) ?? families.get(coarse) ?? 'other';
}
