import { expect, test } from 'vitest';
import { entityFamily } from '../../../server/src/core/tasks/entityTypes';

test.each([
  ['person', ['PER', 'per', 'Person', 'PERSON', 'PERderiv', 'person-actor', '人名']],
  ['organization', ['ORG', 'Organisation', 'corporation', 'ORGpart', 'organization-company', '法人名']],
  ['location', ['LOC', 'GPE', 'FAC', 'address', 'location-GPE', '地名']],
  ['miscellaneous', ['MISC', 'NORP', 'WORK_OF_ART', 'EVENT', 'LAW', 'creative-work', 'OTH', '製品名']],
  ['other', ['DATE', 'CARDINAL', 'LABEL_3', '', '-', 'constructor', 'part']],
] as const)('%s', (family, types) => {
  expect(types.map((type) => [type, entityFamily(type)])).toEqual(types.map((type) => [type, family]));
});
