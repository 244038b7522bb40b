import type {
  BlockContext,
  Element,
  LeafBlock,
  LeafBlockParser,
  Line,
  MarkdownConfig,
} from '@lezer/markdown';
import { skipBlanks, trimEnd } from './blanks';
import type { Span } from './span';

/**
 * GitHub's tables. Lezer's own parser takes no blank behind the delimiter row, such as the CR of a CRLF, and
 * cannot be asked whether a paragraph is a table.
 */
export const tableExtension: MarkdownConfig = {
  defineNodes: [{ name: 'Table', block: true }, 'TableRow', 'TableCell', 'TableDelimiter'],
  parseBlock: [
    {
      name: 'Table',
      before: 'SetextHeading',
      leaf: (_cx, leaf) => (leaf.content.includes('|') ? new TableParser() : null),
      endLeaf: beginsTable,
    },
  ],
};

export class TableParser implements LeafBlockParser {
  /** Undefined at the first line; null where the second one showed that this is no table. */
  #rows: Element[] | null | undefined;

  get isTable(): boolean {
    return Boolean(this.#rows);
  }

  nextLine(cx: BlockContext, line: Line, leaf: LeafBlock): boolean {
    const start = cx.lineStart + line.pos;
    const text = line.text.slice(line.pos);
    if (this.#rows) {
      this.#rows.push(rowElement(cx, text, start));
    } else if (this.#rows === undefined) {
      this.#rows = isDelimiterRow(text, cellsOf(leaf.content).length)
        ? [rowElement(cx, leaf.content, leaf.start), cx.elt('TableDelimiter', start, start + text.length)]
        : null;
    }
    return false;
  }

  finish(cx: BlockContext, leaf: LeafBlock): boolean {
    if (!this.#rows) return false;
    cx.addLeafElement(leaf, cx.elt('Table', leaf.start, leaf.start + leaf.content.length, this.#rows));
    return true;
  }
}

/** A table may begin in the middle of a paragraph. */
function beginsTable(cx: BlockContext, line: Line, leaf: LeafBlock): boolean {
  const row = line.text.slice(line.basePos);
  if (!row.includes('|') || leaf.parsers.some((parser) => parser instanceof TableParser && parser.isTable)) {
    return false;
  }
  const next = cx.peekLine();
  return mayBeDelimiterRow(next) && isDelimiterRow(next.replace(/^[\s>]+/, ''), cellsOf(row).length);
}

const mayBeDelimiterRow = (line: string): boolean => /^[\s>]*[-:|][-:|\s]*$/.test(line);

const isDelimiterRow = (text: string, columns: number): boolean => {
  if (!text.includes('|') || !mayBeDelimiterRow(text)) return false;
  const cells = cellsOf(text);
  return cells.length === columns && cells.every(({ start, end }) => /^:?-+:?$/.test(text.slice(start, end)));
};

function rowElement(cx: BlockContext, text: string, offset: number): Element {
  const cells = cellsOf(text)
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) =>
      cx.elt(
        'TableCell',
        offset + start,
        offset + end,
        cx.parser.parseInline(text.slice(start, end), offset + start),
      ),
    );
  return cx.elt('TableRow', offset, offset + text.length, cells);
}

/** The cells of a row without the blanks around them; pipes at both ends of the row are optional. */
function cellsOf(text: string): Span[] {
  const cells: Span[] = [];
  let start = 0;
  const finish = (to: number): void => {
    const from = skipBlanks(text, start, to);
    cells.push({ start: from, end: trimEnd(text, from, to) });
  };
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '|') {
      if (start > 0 || text.slice(0, index).trim() !== '') finish(index);
      start = index + 1;
    }
  }
  if (text.slice(start).trim() !== '') finish(text.length);
  return cells;
}
