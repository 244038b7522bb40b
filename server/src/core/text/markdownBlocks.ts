import type { Tree } from '@lezer/common';
import { decodeHTMLStrict } from 'entities/decode';
import { copyFlat } from './flatText';
import { maskTokenAt } from './maskTokens';
import { pieces } from './pieces';
import { GAP, type PlacedBlock } from './prose';
import { createBlock } from './proseBlock';
import { ProseTextBuilder } from './proseText';

const proseLeaves: ReadonlySet<string> = new Set([
  'Paragraph',
  'ATXHeading1',
  'ATXHeading2',
  'ATXHeading3',
  'ATXHeading4',
  'ATXHeading5',
  'ATXHeading6',
  'SetextHeading1',
  'SetextHeading2',
  'Task',
  'Table',
  'FootnoteDefinition',
  'FlatText',
]);

/** Whether a block without blocks inside holds prose. */
export const isProseLeaf = (tree: Tree, source: string, start: number): boolean =>
  proseLeaves.has(tree.type.name) || isMaskBlock(tree, source, start);

/** A mask token alone on its line is HTML to Markdown. */
const isMaskBlock = (tree: Tree, source: string, start: number): boolean =>
  tree.type.name === 'HTMLBlock' && maskTokenAt(source, start) !== undefined;

/**
 * The prose of a leaf block: one block for most of them, one a cell for tables, and one a piece for text that
 * is too long. Steps, that is the stretches between two yields, are bounded.
 *
 * @param start where the leaf stands in `source`.
 * @returns blocks relative to the start of the leaf.
 */
export function* extractLeaf(tree: Tree, source: string, start: number): Generator<void, PlacedBlock[]> {
  if (tree.type.name !== 'FlatText' && !isMaskBlock(tree, source, start))
    return extractMarkup(tree, source, start);
  const blocks: PlacedBlock[] = [];
  for (const piece of pieces(source, start, start + tree.length)) {
    const builder = new ProseTextBuilder(source, piece.start);
    copyFlat(builder, source, piece.start, piece.end);
    const block = createBlock(builder.build());
    if (block) blocks.push({ start: piece.start - start, end: piece.end - start, block });
    yield;
  }
  return blocks;
}

function extractMarkup(tree: Tree, source: string, start: number): PlacedBlock[] {
  const blocks: PlacedBlock[] = [];
  const isTable = tree.type.name === 'Table';
  let builder: ProseTextBuilder | undefined = isTable ? undefined : new ProseTextBuilder(source, start);
  /** How far the source is dealt with. */
  let at = start;
  /** Behind the text of a link, in its target, title or label. */
  let isBehindLinkText = false;

  const finish = (from: number, to: number): void => {
    builder?.copy(at, to);
    const block = builder && createBlock(builder.build());
    if (block) blocks.push({ start: from - start, end: to - start, block });
  };

  tree.iterate({
    enter(node) {
      const from = start + node.from;
      const to = start + node.to;
      if (node.name === 'TableCell') {
        builder = new ProseTextBuilder(source, from);
        at = from;
        return true;
      }
      if (containers.has(node.name)) return true;
      if (!builder || isBehindLinkText) return false;
      builder.copy(at, from);
      at = to;
      if (node.name === 'LinkMark' && source[from] === ']') isBehindLinkText = true;
      else writeInline(builder, node.name, source, from, to);
      return false;
    },
    leave(node) {
      if (node.name === 'Link' || node.name === 'Image') {
        isBehindLinkText = false;
        at = start + node.to;
      }
      if (node.name !== 'TableCell') return;
      finish(start + node.from, start + node.to);
      builder = undefined;
    },
  });
  if (!isTable) finish(start, start + tree.length);
  return blocks;
}

/** Nodes whose text is prose, apart from the nodes inside of them. */
const containers: ReadonlySet<string> = new Set([
  ...proseLeaves,
  'TableRow',
  'Emphasis',
  'StrongEmphasis',
  'Strikethrough',
  'Link',
  'Image',
]);

/** Writes what stands in a sentence for a piece of mark-up; most of it vanishes. */
function writeInline(
  builder: ProseTextBuilder,
  name: string,
  source: string,
  from: number,
  to: number,
): void {
  switch (name) {
    case 'InlineCode':
    case 'Autolink':
    case 'BareLink':
      builder.replace(from, to, GAP);
      break;
    case 'MaskToken':
      builder.copy(from, to);
      break;
    case 'Escape':
      builder.copy(from + 1, to);
      break;
    case 'Entity':
      // A line break or a tab that is written as an entity is still only a blank.
      builder.replace(from, to, decodeHTMLStrict(source.slice(from, to)).replace(/[\t\n\r]/g, ' '));
      break;
    case 'HardBreak':
      builder.breakLine(from, to);
      break;
    case 'HTMLTag':
      if (/^<br[\s/>]/i.test(source.slice(from, from + 4))) builder.breakLine(from, to);
      break;
  }
}
