import { shiftSpans } from '../../../server/src/core/text/edits';
import type { TextEdit } from '../../../server/src/core/text/prose';
import type { EntitiesParams, EntityMark, EntityRegion } from '../../../server/src/protocol/protocol';

/** So many edits are remembered; results for versions before them are dropped. */
const rememberedEdits = 2_000;

/** A mark, and whether the server that runs now has sent it. */
interface StoredMark extends EntityMark {
  readonly confirmed: boolean;
}

interface LoggedEdit {
  readonly edit: TextEdit;
  /** The version of the document after the edit. */
  readonly version: number;
}

/**
 * The entities of one document as it is now. Results arrive late, in parts and for older versions: they are
 * carried through the edits made since, and replace just what they speak of, so that a mark stands until
 * something better is known.
 *
 * Methods that change what is to be drawn return the entity types concerned. Edits are not among them: the
 * editor moves its decorations by itself.
 */
export class EntityStore {
  /** In order, not overlapping. */
  #marks: readonly StoredMark[] = [];
  #version: number;
  #log: LoggedEdit[] = [];
  /** The oldest version whose results can be carried on. */
  #oldestVersion: number;
  /** Types of marks that edits dropped here, while the editor may still show something in their place. */
  #droppedTypes = new Set<string>();

  constructor(version: number) {
    this.#version = version;
    this.#oldestVersion = version;
  }

  get marks(): readonly EntityMark[] {
    return this.#marks.map(({ start, end, type, score }) => ({ start, end, type, score }));
  }

  /** @param edits in the order of their application; offsets are those at the time of each edit */
  edit(version: number, edits: readonly TextEdit[]): void {
    this.#version = version;
    for (const edit of edits) {
      this.#log.push({ edit, version });
      const shifted = shiftSpans(this.#marks, edit);
      if (shifted.length < this.#marks.length) {
        for (const type of typesMissing(this.#marks, shifted)) this.#droppedTypes.add(type);
      }
      this.#marks = shifted;
    }
    const excess = this.#log.length - rememberedEdits;
    if (excess > 0) this.#oldestVersion = this.#log.splice(0, excess).at(-1)?.version ?? this.#version;
  }

  /** Takes results in; those for a version that is unknown or no longer remembered are ignored. */
  apply({ version, regions }: Pick<EntitiesParams, 'version' | 'regions'>): ReadonlySet<string> {
    if (version < this.#oldestVersion || version > this.#version) return new Set();
    const changed = this.#takeDroppedTypes();
    const marks = this.#marks;
    const result: StoredMark[] = [];
    let next = 0;
    const take = (until: (mark: StoredMark) => boolean): StoredMark[] => {
      const first = next;
      for (let mark = marks[next]; mark && until(mark); mark = marks[next]) next++;
      return marks.slice(first, next);
    };
    for (const region of this.#rebase(regions, version)) {
      for (const mark of take((mark) => mark.end <= region.start)) result.push(mark);
      const before = take((mark) => mark.start < region.end);
      const after = region.entities.map((entity) => ({ ...entity, confirmed: true }));
      for (const type of typesChanged(before, after)) changed.add(type);
      for (const mark of after) result.push(mark);
    }
    for (const mark of take(() => true)) result.push(mark);
    this.#marks = result;
    return changed;
  }

  /** Another server takes over. Its results replace the marks one by one; `settle` removes the others. */
  beginSession(): void {
    this.#marks = this.#marks.map((mark) => ({ ...mark, confirmed: false }));
  }

  /** The server has sent all that it knows: marks of an earlier one that it did not send again are gone. */
  settle(): ReadonlySet<string> {
    return this.#keep((mark) => mark.confirmed);
  }

  /** Forgets every mark, for a document that is no longer analysed. */
  clear(): ReadonlySet<string> {
    return this.#keep(() => false);
  }

  #keep(wanted: (mark: StoredMark) => boolean): ReadonlySet<string> {
    const changed = this.#takeDroppedTypes();
    for (const mark of this.#marks) if (!wanted(mark)) changed.add(mark.type);
    this.#marks = this.#marks.filter(wanted);
    return changed;
  }

  #takeDroppedTypes(): Set<string> {
    const types = this.#droppedTypes;
    this.#droppedTypes = new Set();
    return types;
  }

  /**
   * Carries regions through the edits made since. Text put into a region makes it longer, and what it says of the
   * text around stays true: of a region that an edit touched, the server sends only that part again.
   */
  #rebase(regions: readonly EntityRegion[], version: number): readonly EntityRegion[] {
    const first = this.#log.findIndex((logged) => logged.version > version);
    if (first < 0) return regions;
    let carried = regions;
    for (const { edit } of this.#log.slice(first)) {
      carried = shiftSpans(
        carried.map((region) => ({ ...region, entities: shiftSpans(region.entities, edit) })),
        edit,
      );
    }
    return carried;
  }
}

const drawingKey = ({ start, end, type }: EntityMark): string => `${start} ${end} ${type}`;

/** Types of the marks that are in one list and not in the other; a new score alone draws nothing new. */
function* typesChanged(before: readonly EntityMark[], after: readonly EntityMark[]): Generator<string> {
  const old = new Set(before.map(drawingKey));
  const fresh = new Set(after.map(drawingKey));
  for (const mark of before) if (!fresh.has(drawingKey(mark))) yield mark.type;
  for (const mark of after) if (!old.has(drawingKey(mark))) yield mark.type;
}

/** Types of which `after` holds fewer marks than `before`. */
function typesMissing(before: readonly EntityMark[], after: readonly EntityMark[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of before) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const { type } of after) counts.set(type, (counts.get(type) ?? 0) - 1);
  return [...counts].filter(([, count]) => count > 0).map(([type]) => type);
}
