import { isBlankAt } from '../blanks';
import type { Item, Passage } from '../passages';
import { maxBlockLength, pieceEnd } from '../pieces';
import { type ElementRole, elementRole } from './elements';
import type { TagItemKind } from './tagItems';

type TagItem = Item<TagItemKind>;
type TagPassage = Passage<TagItemKind>;

const tagName = /^<\/?([^\s/>]*)/;

/** No name of an element is longer. */
const maxTagName = 64;

const nameOf = (text: string, start: number): string =>
  tagName.exec(text.slice(start, start + maxTagName))?.[1] ?? '';

export const roleOf = (text: string, start: number): ElementRole => elementRole(nameOf(text, start));

/** Cuts items into passages at the tags that end blocks. */
export const cutPassages = (text: string, items: Iterable<TagItem>): Iterable<TagPassage> =>
  new PassageCutter(text).cut(items);

interface Unread {
  readonly name: string;
  readonly role: ElementRole;
  readonly start: number;
  depth: number;
}

class PassageCutter {
  readonly #text: string;
  #items: TagItem[] = [];
  /** Elements of unknown kind that were begun in the middle of a sentence. */
  #begun: string[] = [];
  /** The element of which nothing is read, and how often it is opened. */
  #unread: Unread | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  *cut(items: Iterable<TagItem>): Generator<TagPassage> {
    for (const item of items) {
      if (item.kind === 'tag') {
        if (this.#takeTag(item)) yield* this.#finish();
      } else if (!this.#unread) yield* this.#takeText(item);
    }
    yield* this.#finish();
  }

  *#takeText(item: TagItem): Generator<TagPassage> {
    let { start } = item;
    while (item.kind === 'text' && item.end - (this.#items[0]?.start ?? start) > maxBlockLength) {
      const end = pieceEnd(this.#text, start, item.end);
      this.#items.push({ kind: 'text', start, end });
      yield* this.#finish();
      start = end;
    }
    if (start < item.end) this.#items.push({ ...item, start });
  }

  /** @returns whether a block ends here. */
  #takeTag(tag: TagItem): boolean {
    const name = nameOf(this.#text, tag.start);
    const isClosing = this.#text[tag.start + 1] === '/';
    const isWhole = this.#text[tag.end - 2] === '/';
    // A bare < is text.
    if (name === '' && tag.end - tag.start === 1) {
      this.#items.push({ ...tag, kind: 'text' });
      return false;
    }
    if (this.#unread) return this.#takeUnread(this.#unread, tag, name, isClosing, isWhole);
    const role = elementRole(name);
    switch (role) {
      case 'block':
        return true;
      case 'hidden':
      case 'gap':
      case 'aside':
        if (isWhole && role === 'gap') this.#items.push({ ...tag, kind: 'gap' });
        else if (!isClosing && !isWhole) this.#unread = { name, role, start: tag.start, depth: 1 };
        return role === 'hidden';
      case 'custom':
        if (!this.#isWithinSentence(name, isClosing, isWhole)) return true;
        break;
    }
    this.#items.push(tag);
    return false;
  }

  #takeUnread(unread: Unread, tag: TagItem, name: string, isClosing: boolean, isWhole: boolean): boolean {
    if (name !== unread.name) {
      // What is part of a sentence ends with the block at the latest, also while its end is missing.
      if (unread.role === 'hidden' || elementRole(name) !== 'block') return false;
      this.#unread = undefined;
      return true;
    }
    if (isWhole) return false;
    unread.depth += isClosing ? -1 : 1;
    if (unread.depth > 0) return false;
    this.#unread = undefined;
    if (unread.role === 'gap') this.#items.push({ kind: 'gap', start: unread.start, end: tag.end });
    return unread.role === 'hidden';
  }

  #isWithinSentence(name: string, isClosing: boolean, isWhole: boolean): boolean {
    if (isClosing) {
      const isBegun = this.#begun.at(-1) === name;
      if (isBegun) this.#begun.pop();
      return isBegun;
    }
    const before = this.#items.at(-1);
    const isWithin = before !== undefined && before.kind !== 'tag' && !this.#isBlank(before);
    if (isWithin && !isWhole) this.#begun.push(name);
    return isWithin;
  }

  #isBlank({ start, end }: TagItem): boolean {
    for (let at = start; at < end; at++) if (!isBlankAt(this.#text, at)) return false;
    return true;
  }

  *#finish(): Generator<TagPassage> {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#begun = [];
    const first = items[0];
    const last = items.at(-1);
    if (first && last && items.some((item) => item.kind !== 'tag' && !this.#isBlank(item)))
      yield { start: first.start, end: last.end, items };
  }
}
