import { NodeProp, Tree, TreeFragment } from '@lezer/common';
import type { MarkdownParser } from '@lezer/markdown';
import { coverHead, widenByLines } from './changedRanges';
import { type ChangedRange, composeEdits, isConsistent } from './edits';
import { flatUnits } from './flatText';
import { extractMarkup, isFlat } from './markdownBlocks';
import type { MarkdownDialect } from './markdownDialects/markdownDialect';
import { frontMatterEnd, MarkdownInput } from './markdownInput';
import { blockRole, createMarkdownParser } from './markdownParser';
import { OldItems } from './oldItems';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { blockCost, createStepCounter, reuseCost } from './steps';
import { type ExtractedUnit, followUnits } from './units';

/** Characters parsed in one step. */
const parseStep = 2_000;

/** A leaf block of the syntax tree, and the prose in it relative to its start. */
interface Leaf {
  readonly node: Tree;
  readonly blocks: readonly PlacedBlock[];
  /** What the blocks were made of, where the leaf is text without mark-up. */
  readonly units?: readonly ExtractedUnit[];
}

/** Moved, not made anew, when text in front of it changes: only the latest update knows it. */
interface PlacedLeaf {
  start: number;
  readonly leaf: Leaf;
}

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly frontMatterEnd: number;
  readonly fragments: readonly TreeFragment[];
  readonly leaves: readonly PlacedLeaf[];
  readonly blocks: readonly PlacedBlock[];
}

/** Finds the prose of Markdown with front matter and footnotes. */
export class MarkdownExtractor implements ProseExtractor {
  readonly #parser: MarkdownParser;
  #state: State | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

  constructor(dialect: MarkdownDialect = 'markdown') {
    this.#parser = createMarkdownParser(dialect);
  }

  *update(text: string, edits?: readonly TextEdit[]): Generator<void, readonly PlacedBlock[]> {
    const run = ++this.#run;
    const previous = this.#state;
    this.#state = undefined;
    const changes = previous && edits && composeEdits(edits);
    const isIncremental = changes && isConsistent(previous.length, changes, text.length);
    const state = yield* isIncremental
      ? this.#analyze(text, previous, changes)
      : this.#analyze(text, undefined, []);
    if (run === this.#run) this.#state = state;
    return state.blocks;
  }

  *#analyze(
    text: string,
    previous: State | undefined,
    changes: readonly ChangedRange[],
  ): Generator<void, State> {
    const head = frontMatterEnd(text);
    const fragments = previous
      ? TreeFragment.applyChanges(
          previous.fragments,
          coverHead(widenByLines(text, changes), previous.frontMatterEnd, head),
        )
      : [];
    const tree = yield* this.#parse(new MarkdownInput(text, head), fragments);
    const leaves = yield* extractLeaves(tree, text, new OldItems(previous?.leaves ?? [], changes));
    return {
      length: text.length,
      frontMatterEnd: head,
      fragments: TreeFragment.addTree(tree),
      leaves,
      blocks: placeBlocks(leaves, previous?.blocks ?? []),
    };
  }

  *#parse(input: MarkdownInput, fragments: readonly TreeFragment[]): Generator<void, Tree> {
    const parse = this.#parser.startParse(input, fragments);
    let pausedAt = 0;
    for (;;) {
      const tree = parse.advance();
      if (tree) return tree;
      if (parse.parsedPos - pausedAt < parseStep) continue;
      pausedAt = parse.parsedPos;
      yield;
    }
  }
}

/** The blocks of all leaves. Those that stay where they were, in front of an edit, are the same objects. */
function placeBlocks(leaves: readonly PlacedLeaf[], before: readonly PlacedBlock[]): PlacedBlock[] {
  const placed: PlacedBlock[] = [];
  for (const { start: by, leaf } of leaves) {
    for (const { start, end, block } of leaf.blocks) {
      const old = before[placed.length];
      const isSame = old?.block === block && old.start === start + by;
      placed.push(isSame ? old : { start: start + by, end: end + by, block });
    }
  }
  return placed;
}

function* extractLeaves(
  tree: Tree,
  text: string,
  oldLeaves: OldItems<PlacedLeaf>,
): Generator<void, PlacedLeaf[]> {
  const leaves: PlacedLeaf[] = [];
  const isStepDone = createStepCounter();
  const blocks = new BlockCursor(tree);
  for (;;) {
    const before = leaves.length;
    const node = keepLeaves(blocks, oldLeaves, leaves);
    if (isStepDone((leaves.length - before) * reuseCost)) yield;
    if (!node) return leaves;
    const { start } = blocks;
    const old = oldLeaves.at(start);
    if (old) oldLeaves.pass();
    const isKept = old && !oldLeaves.isTouched(start + node.length) && isSameLeaf(old.leaf.node, node);
    leaves.push({
      start,
      leaf: isKept ? { ...old.leaf, node } : yield* extractLeaf(node, text, start, old?.leaf, oldLeaves),
    });
    if (isStepDone(isKept ? reuseCost : node.length + blockCost)) yield;
  }
}

/**
 * Takes over leaves up to the next one that Lezer made anew, and returns its node. Lezer takes a node over only together
 * with its text and with what it depends on, so nothing else is compared: on a keystroke nearly all leaves pass here.
 */
function keepLeaves(
  blocks: BlockCursor,
  oldLeaves: OldItems<PlacedLeaf>,
  leaves: PlacedLeaf[],
): Tree | undefined {
  for (let node = blocks.next(); node; node = blocks.next()) {
    const old = oldLeaves.next;
    if (old?.leaf.node === node) {
      old.start = blocks.start;
      leaves.push(old);
      oldLeaves.pass();
    } else if (node instanceof Tree) {
      const role = node.type.prop(blockRole);
      if (role === 'container' || node.type.isAnonymous) blocks.enter(node);
      else if (role === 'prose') return node;
    }
  }
  return undefined;
}

/** Goes through the children of the nodes that were entered, in the order of the text. */
class BlockCursor {
  readonly #path: { readonly node: Tree; readonly start: number; next: number }[] = [];
  /** Where the present node stands in the text. */
  start = 0;

  constructor(top: Tree) {
    this.enter(top);
  }

  /** To be called with the present node: its children come next. */
  enter(node: Tree): void {
    this.#path.push({ node, start: this.start, next: 0 });
  }

  next(): Tree['children'][number] | undefined {
    for (;;) {
      const parent = this.#path.at(-1);
      if (!parent) return undefined;
      const index = parent.next++;
      const node = parent.node.children[index];
      if (node) {
        this.start = parent.start + (parent.node.positions[index] as number);
        return node;
      }
      this.#path.pop();
    }
  }
}

function* extractLeaf(
  node: Tree,
  text: string,
  start: number,
  old: Leaf | undefined,
  oldLeaves: OldItems<PlacedLeaf>,
): Generator<void, Leaf> {
  const same = old?.node.type === node.type ? old : undefined;
  const changes = same ? oldLeaves.changesRelativeTo(start) : [];
  if (!isFlat(node, text, start)) {
    const oldBlocks = new OldItems(same?.blocks ?? [], changes);
    return { node, blocks: yield* extractMarkup(node, text, start, oldBlocks) };
  }
  // The end of a block of HTML depends on more than its text.
  const oldUnits = (node.type.name === 'FlatText' && same?.units) || [];
  const units = yield* followUnits(flatUnits(text, { start, end: start + node.length }), oldUnits, changes);
  return { node, blocks: units.flatMap(({ items }) => items), units };
}

/** Whether two leaves with the same text have the same content, which depends on the blocks around, too. */
const isSameLeaf = (a: Tree, b: Tree): boolean =>
  a === b ||
  (a.type === b.type &&
    a.length === b.length &&
    a.prop(NodeProp.contextHash) === b.prop(NodeProp.contextHash));
