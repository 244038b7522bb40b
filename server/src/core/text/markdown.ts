import { NodeProp, Tree, TreeFragment } from '@lezer/common';
import type { MarkdownParser } from '@lezer/markdown';
import { type ChangedRange, composeEdits, isConsistent } from './edits';
import { extractLeaf, isProseLeaf } from './markdownBlocks';
import { frontMatterEnd, MarkdownInput } from './markdownInput';
import { createMarkdownParser } from './markdownParser';
import type { PlacedBlock, ProseExtractor, TextEdit } from './prose';
import { movedBlock } from './proseBlock';
import { blockCost, createStepCounter, reuseCost } from './steps';

/** Characters parsed in one step. */
const parseStep = 10_000;

/** A leaf block of the syntax tree and the prose in it. */
interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly type: number;
  /** Lezer's hash of the blocks around: with the same text and type it makes the same leaf. */
  readonly context: number | undefined;
  readonly blocks: readonly PlacedBlock[];
}

/** What a finished update leaves for the next one. */
interface State {
  readonly length: number;
  readonly frontMatterEnd: number;
  readonly fragments: readonly TreeFragment[];
  readonly leaves: readonly Leaf[];
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
    const state = yield* this.#analyze(text, previous, edits);
    if (run === this.#run) this.#state = state;
    return state.leaves.flatMap((leaf) => leaf.blocks);
  }

  *#analyze(
    text: string,
    previous: State | undefined,
    edits: readonly TextEdit[] | undefined,
  ): Generator<void, State> {
    const changes = edits && composeEdits(edits);
    const base =
      changes && previous && isConsistent(previous.length, changes, text.length) ? previous : undefined;
    const head = frontMatterEnd(text);
    const fragments =
      base && changes
        ? TreeFragment.applyChanges(
            base.fragments,
            coverHead(widen(text, changes), base.frontMatterEnd, head),
          )
        : [];
    const tree = yield* this.#parse(new MarkdownInput(text, head), fragments);
    const reusable = base && changes ? new LeafReuse(base.leaves, changes) : undefined;
    const leaves: Leaf[] = [];
    const isStepDone = createStepCounter();
    for (const { node, start } of proseLeaves(tree, text)) {
      const reused = reusable?.find(node, start);
      leaves.push(reused ?? (yield* extract(node, text, start)));
      if (isStepDone(reused ? reuseCost : node.length + blockCost)) yield;
    }
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

function* extract(node: Tree, text: string, start: number): Generator<void, Leaf> {
  const blocks = yield* extractLeaf(node, text, start);
  return {
    start,
    end: start + node.length,
    type: node.type.id,
    context: node.prop(NodeProp.contextHash),
    blocks: blocks.map((block) => movedBlock(block, start)),
  };
}

/** The leaf blocks that hold prose, in order. */
function* proseLeaves(tree: Tree, text: string): Generator<{ readonly node: Tree; readonly start: number }> {
  const stack: { readonly node: Tree; readonly start: number; next: number }[] = [
    { node: tree, start: 0, next: 0 },
  ];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const child = top.node.children[top.next];
    if (child === undefined) {
      stack.pop();
      continue;
    }
    const start = top.start + (top.node.positions[top.next] as number);
    top.next++;
    if (!(child instanceof Tree)) continue;
    if (child.type.isAnonymous || child.type.is('BlockContext')) stack.push({ node: child, start, next: 0 });
    else if (isProseLeaf(child, text, start)) yield { node: child, start };
  }
}

/** Finds for the leaves of a new tree, asked for in order, the ones of the old tree that no edit touched. */
class LeafReuse {
  readonly #leaves: readonly Leaf[];
  readonly #changes: readonly ChangedRange[];
  #leaf = 0;
  #change = 0;

  constructor(leaves: readonly Leaf[], changes: readonly ChangedRange[]) {
    this.#leaves = leaves;
    this.#changes = changes;
  }

  find(node: Tree, start: number): Leaf | undefined {
    const end = start + node.length;
    while ((this.#changes[this.#change]?.toB ?? Number.POSITIVE_INFINITY) <= start) this.#change++;
    const next = this.#changes[this.#change];
    if (next && next.fromB < end) return undefined;
    const last = this.#changes[this.#change - 1];
    const by = last ? last.toB - last.toA : 0;
    while ((this.#leaves[this.#leaf]?.start ?? Number.POSITIVE_INFINITY) + by < start) this.#leaf++;
    const leaf = this.#leaves[this.#leaf];
    const isSame =
      leaf !== undefined &&
      leaf.start + by === start &&
      leaf.end + by === end &&
      leaf.type === node.type.id &&
      leaf.context === node.prop(NodeProp.contextHash);
    if (!isSame) return undefined;
    if (by === 0) return leaf;
    return { ...leaf, start, end, blocks: leaf.blocks.map((block) => movedBlock(block, by)) };
  }
}

/**
 * Makes changes begin a line earlier and end with their line. Lezer looks ahead by a line to see whether a table
 * begins, so the block before that line depends on it.
 */
function widen(text: string, changes: readonly ChangedRange[]): ChangedRange[] {
  const widened: ChangedRange[] = [];
  for (const change of changes) {
    const before = change.fromB - lineStart(text, lineStart(text, change.fromB) - 1);
    const behind = lineEnd(text, change.toB) - change.toB;
    const last = widened.at(-1);
    const next: ChangedRange = {
      fromA: change.fromA - before,
      toA: change.toA + behind,
      fromB: change.fromB - before,
      toB: change.toB + behind,
    };
    if (last && next.fromB <= last.toB) {
      // The stretch that grew beyond its neighbour's edit is not to be read as unchanged.
      const toB = Math.max(last.toB, next.toB);
      widened[widened.length - 1] = { ...last, toA: toB - (change.toB - change.toA), toB };
    } else widened.push(next);
  }
  return widened;
}

/** The start of the line that holds an offset; the middle of a CRLF belongs to the line that it ends. */
function lineStart(text: string, offset: number): number {
  const from = Math.max(offset, 0);
  const lineFeed = text.lastIndexOf('\n', from - 1);
  const behindLineFeed = from === 0 ? 0 : lineFeed + 1;
  const line = text.slice(behindLineFeed, text[from] === '\n' ? Math.max(from - 1, behindLineFeed) : from);
  return behindLineFeed + line.lastIndexOf('\r') + 1;
}

function lineEnd(text: string, offset: number): number {
  const lineFeed = text.indexOf('\n', offset);
  return lineFeed < 0 ? text.length : lineFeed;
}

/** Adds the start of the document up to the end of the front matter, old and new, to the changes. */
function coverHead(
  changes: readonly ChangedRange[],
  oldEnd: number,
  newEnd: number,
): readonly ChangedRange[] {
  if (oldEnd === 0 && newEnd === 0) return changes;
  let toA = oldEnd;
  let by = 0;
  let covered = 0;
  for (;;) {
    toA = Math.max(toA, newEnd - by);
    const next = changes[covered];
    if (!next || next.fromA > toA) break;
    by = next.toB - next.toA;
    toA = Math.max(toA, next.toA);
    covered++;
  }
  return [{ fromA: 0, toA, fromB: 0, toB: toA + by }, ...changes.slice(covered)];
}
