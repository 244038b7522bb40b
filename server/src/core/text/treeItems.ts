import { NodeProp, NodeType, type Parser, Tree, TreeBuffer, TreeFragment } from '@lezer/common';
import type { ChangedRange } from './edits';
import { MeteredParse } from './meteredParse';
import type { Item, ItemSource } from './passages';
import { createStepCounter } from './steps';

/** How often the parser advances in one step, each time by a token. */
const advancesAtOnce = 50;

/** A node of the syntax tree of so many characters is searched in one step, and what was found is remembered. */
const searchedAtOnce = 2_000;

/** What passing a node costs that holds others. */
const nodeCost = 5;

/** What a grammar's nodes are to prose; nodes without a kind are looked into. */
export const itemKind = new NodeProp<string>();

type TreeNode = Tree | TreeBuffer;

interface PlacedNode {
  readonly node: TreeNode;
  readonly start: number;
  /** The innermost named node around. */
  readonly parent: NodeType;
}

/** Finds the nodes of an incremental parser that have a kind. They are not looked into. */
export class TreeItemSource<Kind extends string> implements ItemSource<readonly TreeFragment[], Kind> {
  readonly #parser: Parser;
  readonly #refine: (kind: Kind, parent: NodeType) => Kind | undefined;
  /** Of subtrees that Lezer may use again; relative to their start. */
  readonly #known = new WeakMap<TreeNode, readonly Item<Kind>[]>();

  /**
   * @param parser its nodes have an {@link itemKind}.
   * @param refine says what a node is inside of a certain one; undefined where it is nothing.
   */
  constructor(parser: Parser, refine: (kind: Kind, parent: NodeType) => Kind | undefined = (kind) => kind) {
    this.#parser = parser;
    this.#refine = refine;
  }

  *update(
    text: string,
    previous: readonly TreeFragment[] | undefined,
    changes: readonly ChangedRange[],
  ): Generator<void, { state: readonly TreeFragment[]; items: readonly Item<Kind>[] }> {
    const parsed = yield* this.#parse(text, TreeFragment.applyChanges(previous ?? [], changes));
    if (!parsed) return { state: [], items: [] };
    const { tree, isWhole } = parsed;
    // A tree that ends early is no start for the next one: how far it went depends on what was read before.
    return { state: isWhole ? TreeFragment.addTree(tree) : [], items: yield* this.#collect(tree) };
  }

  /** @returns undefined for a text that is nested too deep for Lezer, which goes through trees by recursion. */
  *#parse(
    text: string,
    fragments: readonly TreeFragment[],
  ): Generator<void, { tree: Tree; isWhole: boolean } | undefined> {
    try {
      const parse = new MeteredParse(this.#parser, text, fragments);
      for (let count = 1; ; count++) {
        const tree = parse.advance();
        if (tree) return { tree, isWhole: !parse.isStopped };
        if (count % advancesAtOnce === 0) yield;
      }
    } catch (error) {
      // Recovery from errors leaves nodes without a type, and Lezer fails at them when it is to use them again.
      if (fragments.length > 0) return yield* this.#parse(text, []);
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  *#collect(top: Tree): Generator<void, Item<Kind>[]> {
    const items: Item<Kind>[] = [];
    const isStepDone = createStepCounter();
    const ahead: PlacedNode[] = [{ node: top, start: 0, parent: top.type }];
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      const { node, start } = next;
      // What a node with a kind is may depend on its parent.
      const isItem = node instanceof Tree && node.type.prop(itemKind) !== undefined;
      if (!isItem && node.length <= searchedAtOnce) {
        const known = this.#search(next);
        for (const item of known)
          items.push({ kind: item.kind, start: item.start + start, end: item.end + start });
      } else if (!this.#take(next, items)) ahead.push(...childrenOf(next).reverse());
      if (isStepDone(nodeCost)) yield;
    }
    return items;
  }

  /** All items of a short node, relative to its start. */
  #search({ node, parent }: PlacedNode): readonly Item<Kind>[] {
    const known = this.#known.get(node);
    if (known) return known;
    const items: Item<Kind>[] = [];
    const ahead: PlacedNode[] = [{ node, start: 0, parent }];
    for (let next = ahead.pop(); next; next = ahead.pop()) {
      if (!this.#take(next, items)) ahead.push(...childrenOf(next).reverse());
    }
    this.#known.set(node, items);
    return items;
  }

  /** @returns whether there is nothing to look for inside of the node. */
  #take({ node, start, parent }: PlacedNode, items: Item<Kind>[]): boolean {
    if (node instanceof TreeBuffer) {
      this.#takeBuffer(node, start, parent, items);
      return true;
    }
    return this.#takeNode(node.type, parent, start, start + node.length, items);
  }

  /** A buffer holds a tree as a row of type, start, end, and index behind the last node inside. */
  #takeBuffer({ buffer, set }: TreeBuffer, start: number, parent: NodeType, items: Item<Kind>[]): void {
    const around: { readonly type: NodeType; readonly behind: number }[] = [];
    for (let index = 0; index < buffer.length; ) {
      const [id, from, to, behind] = buffer.subarray(index, index + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      while ((around.at(-1)?.behind ?? Number.POSITIVE_INFINITY) <= index) around.pop();
      // Lezer's recovery from errors leaves a few ids that no node type has.
      const type = set.types[id] ?? NodeType.none;
      const isTaken = this.#takeNode(type, around.at(-1)?.type ?? parent, start + from, start + to, items);
      if (!isTaken && !type.isAnonymous) around.push({ type, behind });
      index = isTaken ? behind : index + 4;
    }
  }

  #takeNode(type: NodeType, parent: NodeType, start: number, end: number, items: Item<Kind>[]): boolean {
    const kind = type.prop(itemKind) as Kind | undefined;
    if (kind === undefined) return false;
    const refined = this.#refine(kind, parent);
    if (refined !== undefined && start < end) items.push({ kind: refined, start, end });
    return true;
  }
}

function childrenOf({ node, start, parent }: PlacedNode): PlacedNode[] {
  if (node instanceof TreeBuffer) return [];
  const inner = node.type.isAnonymous ? parent : node.type;
  return node.children.map((child, index) => ({
    node: child,
    start: start + (node.positions[index] as number),
    parent: inner,
  }));
}
