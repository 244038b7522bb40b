/** What decides the colour of an entity: the family of its type. */
export {
  type EntityFamily as EntityKind,
  entityFamilies as entityKinds,
  entityFamily as entityKind,
} from '../../../server/src/core/tasks/entityTypes';
