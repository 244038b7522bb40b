import { NodeProp, Tree, TreeFragment } from '@lezer/common';
import type { MarkdownParser } from '@lezer/markdown';
import { coverHead, widenByLines } from './changedRanges';
import { type ChangedRange, composeEdits, isConsistent } from './edits';
import { flatUnits } from './flatText';
import { extractMarkup, isFlat, isMaskBlock } from './markdownBlocks';
import { frontMatterEnd, MarkdownInput } from './markdownInput';
import { blockRole, createMarkdownParser } from './markdownParser';
import { OldItems } from './oldItems';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { blockCost, createStepCounter, reuseCost } from './steps';
import { type ExtractedUnit, followUnits } from './units';

/** Characters parsed in one step. */
const parseStep = 10_000;

/** A leaf block of the syntax tree, and the prose in it relative to its start. */
interface Leaf {
  readonly node: Tree;
  readonly blocks: readonly PlacedBlock[];
  /** What the blocks were made of, where the leaf is text without mark-up. */
  readonly units?: readonly ExtractedUnit[];
}

interface PlacedLeaf {
  readonly start: number;
  readonly leaf: Leaf;
}

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly frontMatterEnd: number;
  readonly fragments: readonly TreeFragment[];
  readonly leaves: readonly PlacedLeaf[];
}

/** Finds the prose of GitHub's Markdown with front matter and footnotes. */
export class MarkdownExtractor implements ProseExtractor {
  readonly #parser: MarkdownParser = createMarkdownParser();
  #state: State | undefined;
  /** Tells an update that another one was started since. */
  #run = 0;

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
    return placeBlocks(state.leaves);
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
    return { length: text.length, frontMatterEnd: head, fragments: TreeFragment.addTree(tree), leaves };
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

function placeBlocks(leaves: readonly PlacedLeaf[]): PlacedBlock[] {
  const placed: PlacedBlock[] = [];
  for (const { start: by, leaf } of leaves) {
    for (const { start, end, block } of leaf.blocks) placed.push({ start: start + by, end: end + by, block });
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
  const stack = [{ node: tree, start: 0, next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const node = top.node.children[top.next];
    if (node === undefined) {
      stack.pop();
      continue;
    }
    const start = top.start + (top.node.positions[top.next] as number);
    top.next++;
    if (!(node instanceof Tree)) continue;
    const role = node.type.prop(blockRole);
    if (role === 'container' || node.type.isAnonymous) stack.push({ node, start, next: 0 });
    else if (role === 'prose' || isMaskBlock(node, text, start)) {
      const old = oldLeaves.at(start);
      const isKept = old && !oldLeaves.isTouched(start + node.length) && isSameLeaf(old.leaf.node, node);
      const leaf = isKept ? old.leaf : yield* extractLeaf(node, text, start, old?.leaf, oldLeaves);
      leaves.push(isKept && old.start === start ? old : { start, leaf });
      if (isStepDone(isKept ? reuseCost : node.length + blockCost)) yield;
    }
  }
  return leaves;
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
  return { node, blocks: units.flatMap(({ blocks }) => blocks), units };
}

/** Whether two leaves with the same text have the same content, which depends on the blocks around, too. */
const isSameLeaf = (a: Tree, b: Tree): boolean =>
  a === b ||
  (a.type === b.type &&
    a.length === b.length &&
    a.prop(NodeProp.contextHash) === b.prop(NodeProp.contextHash));
