import { parser as html } from '@lezer/html';
import type { LRParser } from '@lezer/lr';
import { parser as xml } from '@lezer/xml';
import { itemKind, TreeItemSource } from '../treeItems';

/** What a document with tags consists of; comments, declarations and scripts are nothing of that. */
export type TagItemKind = 'text' | 'reference' | 'cdata' | 'tag' | 'gap';

const kinds: Readonly<Record<string, TagItemKind>> = {
  Text: 'text',
  InvalidEntity: 'text',
  EntityReference: 'reference',
  CharacterReference: 'reference',
  Cdata: 'cdata',
  OpenTag: 'tag',
  CloseTag: 'tag',
  SelfClosingTag: 'tag',
  MismatchedCloseTag: 'tag',
  NoMatchCloseTag: 'tag',
  IncompleteTag: 'tag',
  IncompleteCloseTag: 'tag',
};

export function createTagItemSource(isXml: boolean): TreeItemSource<TagItemKind> {
  const parser: LRParser = isXml ? xml : html;
  return new TreeItemSource(
    parser.configure({
      props: [itemKind.add((type) => kinds[type.name])],
    }),
  );
}
