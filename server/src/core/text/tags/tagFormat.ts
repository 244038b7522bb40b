import { decodeHTML, decodeXML } from 'entities/decode';
import { isIdentifier } from '../identifiers';
import { findLinks } from '../links';
import type { Item, Passage, PassageFormat } from '../passages';
import { isLongLink } from '../pieces';
import { GAP, type PlacedBlock } from '../prose';
import { createBlock } from '../proseBlock';
import { ProseTextBuilder } from '../proseText';
import type { Span } from '../span';
import { cutPassages, roleOf } from './cutPassages';
import type { TagItemKind } from './tagItems';

type TagItem = Item<TagItemKind>;
type TagPassage = Passage<TagItemKind>;

export interface TagDialect {
  readonly isXml: boolean;
  /** Expressions and statements of a template language; a group `statement` tells the latter. */
  readonly template?: RegExp | undefined;
}

/** Reads text between tags. Elements within a sentence are known by name, or by text that stands right before them. */
export class TagFormat implements PassageFormat<TagItemKind> {
  readonly #dialect: TagDialect;

  constructor(dialect: TagDialect) {
    this.#dialect = dialect;
  }

  passages(text: string, items: readonly TagItem[]): Iterable<TagPassage> {
    return cutPassages(text, items);
  }

  // biome-ignore lint/correctness/useYield: A passage is short enough for one step.
  *extract(text: string, passage: TagPassage): Generator<void, readonly PlacedBlock[]> {
    if (isLongLink(passage)) return [];
    const source = text.slice(passage.start, passage.end);
    if (this.#dialect.isXml && isIdentifier(source)) return [];
    const builder = new ProseTextBuilder(text, passage.start);
    this.#write(builder, text, passage, this.#marks(source, passage.start));
    const block = createBlock(builder.build());
    return block ? [{ start: 0, end: passage.end - passage.start, block }] : [];
  }

  #write(builder: ProseTextBuilder, text: string, { items }: TagPassage, marks: readonly Mark[]): void {
    let next = 0;
    let at = 0;
    for (const { kind, start, end } of items) {
      // Only text is divided: a reference at the end of a URL belongs to it as a whole.
      if (end <= at || (start < at && kind !== 'text')) continue;
      at = Math.max(at, start);
      for (let mark = marks[next]; mark && mark.start < end; mark = marks[++next]) {
        if (kind !== 'text' || mark.start < at) continue;
        builder.copy(at, mark.start);
        builder.replace(mark.start, mark.end, mark.text);
        at = mark.end;
      }
      if (at < end) this.#writeItem(builder, text, { kind, start: at, end });
      at = Math.max(at, end);
    }
  }

  #writeItem(builder: ProseTextBuilder, text: string, { kind, start, end }: TagItem): void {
    switch (kind) {
      case 'text':
        builder.copy(start, end);
        break;
      case 'cdata':
        builder.copy(start + '<![CDATA['.length, text.endsWith(']]>', end) ? end - ']]>'.length : end);
        break;
      case 'reference':
        this.#writeReference(builder, text, { start, end });
        break;
      case 'gap':
        builder.replace(start, end, GAP);
        break;
      case 'tag':
        if (roleOf(text, start) === 'lineBreak') builder.endLine(start, end);
        break;
    }
  }

  #writeReference(builder: ProseTextBuilder, text: string, { start, end }: Span): void {
    // Lezer takes an ampersand right before a reference for a part of it.
    const from = text.lastIndexOf('&', end - 1);
    const decode = this.#dialect.isXml ? decodeXML : decodeHTML;
    builder.copy(start, from);
    // A line break or a tab that is written as a reference is still only a blank.
    builder.replace(from, end, decode(text.slice(from, end)).replace(/[\t\n\r]/g, ' '));
  }

  /** What is no prose although it is text: URLs, and what a template language puts there. */
  #marks(source: string, origin: number): Mark[] {
    const { template } = this.#dialect;
    const expressions = Array.from(template ? source.matchAll(template) : [], (match) => ({
      start: origin + match.index,
      end: origin + match.index + match[0].length,
      text: match.groups?.['statement'] === undefined ? GAP : '',
    }));
    const links = findLinks(source).map(({ start, end }) => ({
      start: origin + start,
      end: origin + end,
      text: GAP,
    }));
    return [...expressions, ...links].sort((a, b) => a.start - b.start);
  }
}

interface Mark extends Span {
  /** What stands in its place. */
  readonly text: string;
}
