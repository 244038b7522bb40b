import type { SyntaxNode, Tree } from '@lezer/common';
import { decodeHTMLStrict } from 'entities/decode';
import { extractEmbedded } from './embedded';
import { MappedTextBuilder } from './mappedText';
import { blockRole } from './markdownParser';
import { maskTokenAt } from './maskTokens';
import type { OldItems } from './oldItems';
import { GAP, type PlacedBlock } from './prose';
import { createBlock } from './proseBlock';
import { type ProseText, ProseTextBuilder } from './proseText';
import { blockCost, createStepCounter, reuseCost } from './steps';
import { createTagExtractor } from './tags/tagExtractor';

/** A mask token alone on its line is HTML to Markdown. */
const isMaskBlock = (tree: Tree, source: string, start: number): boolean =>
  tree.type.name === 'HTMLBlock' && maskTokenAt(source, start) !== undefined;

/** Whether a leaf block is read as text without mark-up. */
export const isFlat = (tree: Tree, source: string, start: number): boolean =>
  tree.type.name === 'FlatText' || isMaskBlock(tree, source, start);

/**
 * The prose of a leaf block with mark-up: one block, or for a table one a cell.
 *
 * @param start where the leaf stands in `source`.
 * @param oldBlocks of the same leaf before, relative to its start. What a cell says depends on its text only, so
 *   those that did not change stay.
 * @returns blocks relative to the start of the leaf.
 */
export function* extractMarkup(
  tree: Tree,
  source: string,
  start: number,
  oldBlocks: OldItems<PlacedBlock>,
): Generator<void, PlacedBlock[]> {
  if (tree.type.name === 'HTMLBlock') return yield* htmlProse(tree.topNode, source, start);
  if (tree.type.name !== 'Table') {
    const block = createBlock(inlineProse(tree.topNode, source, start));
    return block ? [{ start: 0, end: tree.length, block }] : [];
  }
  const blocks: PlacedBlock[] = [];
  const isStepDone = createStepCounter();
  for (let row = tree.topNode.firstChild; row; row = row.nextSibling) {
    for (const cell of row.getChildren('TableCell')) {
      const old = oldBlocks.at(cell.from);
      const isSame = old && old.end - old.start === cell.to - cell.from && !oldBlocks.isTouched(cell.to);
      const block = isSame ? old.block : createBlock(inlineProse(cell, source, start));
      if (block) blocks.push({ start: cell.from, end: cell.to, block });
      if (isStepDone(isSame ? reuseCost : cell.to - cell.from + blockCost)) yield;
    }
  }
  return blocks;
}

/** What a block of HTML says, without the marks of the quote that it may stand in. */
function* htmlProse(node: SyntaxNode, source: string, start: number): Generator<void, PlacedBlock[]> {
  const builder = new MappedTextBuilder(source, start);
  let at = start;
  for (const mark of node.getChildren('QuoteMark')) {
    builder.copy(at, start + mark.from);
    at = start + mark.to;
  }
  builder.copy(at, start + node.to);
  return yield* extractEmbedded(builder.build(), createTagExtractor('html', false));
}

/** @param start where the tree that `node` is part of stands in `source`. */
function inlineProse(node: SyntaxNode, source: string, start: number): ProseText {
  let builder = new ProseTextBuilder(source, start + node.from);
  /** Of the texts that the present one is a note to. */
  const around: ProseTextBuilder[] = [];
  /** How far the source is dealt with. */
  let at = start + node.from;
  /** Behind the text of a link, in its target, title or label. */
  let isBehindLinkText = false;

  node.cursor().iterate(
    ({ type, name, from: relativeFrom, to: relativeTo }) => {
      if (name === 'InlineNote' && !isBehindLinkText) {
        builder.copy(at, start + relativeFrom);
        at = start + relativeFrom;
        around.push(builder);
        builder = builder.note();
      }
      if (type.prop(blockRole) === 'prose' || inlineContainers.has(name)) return true;
      if (isBehindLinkText) return false;
      const from = start + relativeFrom;
      builder.copy(at, from);
      at = start + relativeTo;
      if (name === 'LinkMark' && source[from] === ']') isBehindLinkText = true;
      else writeInline(builder, name, source, from, at);
      return false;
    },
    ({ name, to }) => {
      if (name !== 'Link' && name !== 'Image' && name !== 'InlineNote') return;
      isBehindLinkText = false;
      at = start + to;
      if (name === 'InlineNote') builder = around.pop() ?? builder;
    },
  );
  builder.copy(at, start + node.to);
  return builder.build();
}

/** Inline nodes whose text is prose, apart from the nodes inside of them. */
const inlineContainers: ReadonlySet<string> = new Set([
  'TableCell',
  'Emphasis',
  'StrongEmphasis',
  'Strikethrough',
  'Link',
  'Image',
  'WikiLink',
  'BracketedText',
  'InlineNote',
  'Subscript',
  'Superscript',
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
    case 'Maths':
    case 'Autolink':
    case 'BareLink':
    case 'Gap':
      builder.replace(from, to, GAP);
      break;
    case 'MaskToken':
      builder.copy(from, to);
      break;
    case 'Escape':
      builder.replace(from, to, source.slice(from + 1, to));
      break;
    case 'Entity':
      // A line break or a tab that is written as an entity is still only a blank.
      builder.replace(from, to, decodeHTMLStrict(source.slice(from, to)).replace(/[\t\n\r]/g, ' '));
      break;
    case 'HardBreak':
      builder.endLine(from, to);
      break;
    case 'HTMLTag':
      if (/^<br[\s/>]/i.test(source.slice(from, from + 4))) builder.endLine(from, to);
      break;
  }
}
