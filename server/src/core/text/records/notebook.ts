import { finishEmbedded } from '../embedded';
import { MarkdownExtractor } from '../markdown';
import type { PlacedBlock } from '../prose';
import { type Span, shiftSpan } from '../span';
import { UnitExtractor } from '../unitExtractor';
import type { Unit } from '../units';
import { jsonText } from './jsonText';
import { nextJsonToken } from './jsonTokens';

interface CellUnit extends Unit {
  /** The lines of the cell. */
  readonly strings: readonly Span[];
}

/** In a string the quotes would be escaped. */
const markdownCell = /(?<!\\)"cell_type"\s*:\s*"markdown"/g;

/** A cell of which the source does not begin after so many tokens is passed over. */
const maxTokens = 2_000;

/**
 * Finds the Markdown cells in the JSON of a Jupyter notebook. It relies on the order of the fields in which programs
 * write them, by the alphabet: the kind of a cell in front of its source.
 */
export class NotebookExtractor extends UnitExtractor<CellUnit> {
  constructor() {
    const markdown = new MarkdownExtractor();
    super((text) => ({
      next: (offset) => nextCell(text, offset),
      extract: ({ strings }) => cellBlocks(text, strings, markdown),
    }));
  }
}

function nextCell(text: string, offset: number): CellUnit | undefined {
  markdownCell.lastIndex = offset;
  const match = markdownCell.exec(text);
  if (!match) return undefined;
  const start = match.index;
  const { strings, end } = readSource(text, start + match[0].length);
  return { start, end, reach: end >= text.length ? Number.POSITIVE_INFINITY : end + 1, strings };
}

/** The strings of the field `source` of the object that an offset is in, and how far it was looked for. */
function readSource(text: string, offset: number): { readonly strings: Span[]; readonly end: number } {
  let depth = 0;
  let name = '';
  let at = offset;
  for (let count = 0; count < maxTokens; count++) {
    const token = nextJsonToken(text, at);
    if (!token) return { strings: [], end: text.length };
    at = token.end;
    if (token.sign === '"') name = text.slice(token.start, token.end);
    else if (token.sign === ':' && depth === 0 && name === '"source"') return readStrings(text, at);
    else if (token.sign === '{' || token.sign === '[') depth++;
    else if ((token.sign === '}' || token.sign === ']') && --depth < 0) break;
  }
  return { strings: [], end: at };
}

/** One string, or those of an array. */
function readStrings(text: string, offset: number): { readonly strings: Span[]; readonly end: number } {
  const strings: Span[] = [];
  let isArray = false;
  for (let at = offset; ; ) {
    const token = nextJsonToken(text, at);
    if (!token) return { strings, end: text.length };
    at = token.end;
    if (token.sign === '"') strings.push(token);
    if (token.sign === '[' && strings.length === 0) isArray = true;
    else if (token.sign === '"' ? !isArray : !/[,\n]/.test(token.sign)) return { strings, end: at };
  }
}

function cellBlocks(text: string, strings: readonly Span[], markdown: MarkdownExtractor): PlacedBlock[] {
  const [first] = strings;
  if (!first) return [];
  return finishEmbedded(jsonText(text, strings), markdown).map(({ block, ...span }) => ({
    ...shiftSpan(span, first.start),
    block,
  }));
}
