import { skipBlanks } from '../blanks';
import { findLinks } from '../links';
import { GAP, type PlacedBlock } from '../prose';
import { createBlock } from '../proseBlock';
import { ProseTextBuilder } from '../proseText';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';
import { type TexParagraph, type TexPart, TexScanner } from './texScanner';

interface TexUnit extends Unit {
  readonly parts: readonly TexPart[];
}

/** What a paragraph may stand in. */
const inPreamble = 'preamble';
const inRow = 'row';

/** What of a preamble matters: its end, and what is prose. */
const preambleLandmark =
  /\\begin[ \t]*\{document\}|\\(?:title|subtitle|author|date|institute)[ \t]*(?:\[[^\]]{0,1000}\])?\{/g;

/** Finds the prose of LaTeX. */
export class TexExtractor extends UnitExtractor<TexUnit> {
  constructor() {
    super(texUnits);
  }
}

const texUnits = (text: string): Units<PlacedBlock, TexUnit> => ({
  next(offset, state) {
    const start = skipBlanks(text, offset);
    if (start === text.length) return undefined;
    if (state === inPreamble || text.startsWith('\\documentclass', start)) return preambleUnit(text, start);
    const paragraph = new TexScanner(text, start, state === inRow).scan();
    return { ...paragraph, start, state: paragraph.isRow ? inRow : undefined };
  },
  extract: (unit) => texBlock(text, unit),
});

function preambleUnit(text: string, start: number): TexUnit {
  preambleLandmark.lastIndex = start;
  const match = preambleLandmark.exec(text);
  if (!match)
    return { start, end: text.length, reach: Number.POSITIVE_INFINITY, state: inPreamble, parts: [] };
  const behind = match.index + match[0].length;
  if (match[0].startsWith('\\begin')) return { start, end: behind, reach: behind, parts: [] };
  if (match.index > start) return { start, end: match.index, reach: behind, state: inPreamble, parts: [] };
  return { ...new TexScanner(text, start, false).scan(), start, state: inPreamble };
}

/** The block that the parts of a paragraph make. */
export function texBlock(
  text: string,
  { start, end, parts }: Pick<TexParagraph, 'end' | 'parts'> & { readonly start: number },
): PlacedBlock[] {
  const builder = new ProseTextBuilder(text, start);
  for (const part of parts) {
    if (part.as === '\n') builder.endLine(part.start, part.end);
    else if (part.as !== undefined) builder.replace(part.start, part.end, part.as);
    else copyWithoutLinks(builder, text, part);
  }
  const block = createBlock(builder.build());
  return block ? [{ start, end, block }] : [];
}

function copyWithoutLinks(builder: ProseTextBuilder, text: string, { start, end }: TexPart): void {
  let at = start;
  for (const link of findLinks(text.slice(start, end))) {
    builder.copy(at, start + link.start);
    at = start + link.end;
    builder.replace(start + link.start, at, GAP);
  }
  builder.copy(at, end);
}
