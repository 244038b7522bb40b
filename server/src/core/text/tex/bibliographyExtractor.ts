import type { PlacedBlock } from '../prose';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';
import { texBlock } from './texExtractor';
import { type TexPart, TexScanner } from './texScanner';

interface FieldUnit extends Unit {
  readonly parts: readonly TexPart[];
}

const field =
  /(?<![^\s,{])(?:title|subtitle|booktitle|maintitle|abstract|note|annote|annotation|addendum)[ \t]*=[ \t\r\n]*([{"])/gi;

/** Finds the prose of BibTeX: titles, abstracts and notes. */
export class BibliographyExtractor extends UnitExtractor<FieldUnit> {
  constructor() {
    super(fieldUnits);
  }
}

const fieldUnits = (text: string): Units<PlacedBlock, FieldUnit> => ({
  next: (offset, quote) => (quote === undefined ? nextField(text, offset) : paragraphOf(text, offset, quote)),
  extract: (unit) => texBlock(text, unit),
});

function nextField(text: string, offset: number): FieldUnit | undefined {
  field.lastIndex = offset;
  const match = field.exec(text);
  return match ? paragraphOf(text, match.index + match[0].length, match[1] as string) : undefined;
}

/** A paragraph of a value; it leaves the quote as a state where the value goes on. */
function paragraphOf(text: string, start: number, quote: string): FieldUnit {
  const valueEnd = endOfValue(text, start, quote);
  const { parts, end, reach } = new TexScanner(text, start, false, valueEnd).scan();
  return {
    start,
    end: Math.min(end, text.length),
    reach: Math.max(reach, valueEnd + 1),
    state: end < valueEnd ? quote : undefined,
    parts,
  };
}

/** No value of a field is longer. */
const maxValue = 20_000;

function endOfValue(text: string, start: number, quote: string): number {
  const limit = Math.min(text.length, start + maxValue);
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const sign = text[at];
    if (sign === '\\') at++;
    else if (sign === '{') depth++;
    else if (sign === '"' && quote === '"' && depth === 0) return at;
    else if (sign === '}' && depth-- === 0) return at;
  }
  return limit;
}
