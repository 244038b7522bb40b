import { lineBreakLength, lineEndAt } from '../lines';
import { cutReach, isLongLink, maxBlockLength, pieceEnd } from '../pieces';
import type { PlacedBlock } from '../prose';
import { createBlock } from '../proseBlock';
import { ProseTextBuilder } from '../proseText';
import { type Span, shiftSpan } from '../span';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';
import { type InlineRule, InlineWriter } from './inlineRules';

/** What a line is to a language in which blocks are told by how their lines begin. */
export interface LineReading {
  /**
   * The prose of the line, each stretch a block; the last one goes on in `text` lines behind. In such a line the first
   * one is what goes on.
   */
  readonly prose: readonly Span[];
  /** Whether the line goes on with a paragraph; such a line begins one where there is none. */
  readonly isText?: boolean;
  /** Whether the prose ends with the line. */
  readonly isAlone?: boolean;
  /** What the lines behind it stand in. */
  readonly state?: string | undefined;
}

export interface LineContext {
  readonly state: string | undefined;
  /** Where the text of the paragraph began in its line, and whether behind a mark; undefined outside of one. */
  readonly paragraph: { readonly column: number; readonly isMarked: boolean } | undefined;
}

export interface LineLanguage {
  read(line: string, context: LineContext): LineReading;
  readonly inline: readonly InlineRule[];
}

export const noProse = (state?: string): LineReading => ({ prose: [], state });

export const text = (line: string, state?: string): LineReading => ({
  prose: [{ start: line.length - line.trimStart().length, end: line.length }],
  isText: true,
  state,
});

/** Prose behind a mark of so many characters. */
export const behind = (mark: number, line: string, isAlone = false): LineReading => ({
  prose: [{ start: mark, end: line.length }],
  isAlone,
});

/** The cells of a row of a table: what stands between the separators, without what stands in front of the first. */
export function cells(line: string, separator: RegExp): LineReading {
  const found: Span[] = [];
  const marks = Array.from(line.matchAll(separator));
  for (const [index, mark] of marks.entries()) {
    const start = mark.index + mark[0].length;
    const end = marks[index + 1]?.index ?? line.length;
    if (line.slice(start, end).trim() !== '') found.push({ start, end });
  }
  return { prose: found, isAlone: true };
}

interface LineUnit extends Unit {
  readonly prose: readonly Span[];
}

/** A longer line is read in parts. */
const maxLine = maxBlockLength + 1_000;

/** Extracts a language line by line. */
export class LineMarkupExtractor extends UnitExtractor<LineUnit> {
  constructor(language: LineLanguage) {
    const inline = new InlineWriter(language.inline);
    super((text) => lineUnits(text, language, inline));
  }
}

function lineUnits(
  source: string,
  language: LineLanguage,
  inline: InlineWriter,
): Units<PlacedBlock, LineUnit> {
  const lineAt = (start: number): Span => ({
    start,
    end: lineEndAt(source, start, Math.min(start + maxLine, source.length)),
  });
  const behindLine = ({ end }: Span): number => end + lineBreakLength(source, end);
  const read = (
    { start, end }: Span,
    state: string | undefined,
    paragraph?: LineContext['paragraph'],
  ): LineReading => language.read(source.slice(start, end), { state, paragraph });
  /** What a unit depends on that looked at a line: a carriage return may become a part of a line break. */
  const reachOf = (line: Span): number => {
    const end = behindLine(line);
    if (end >= source.length) return Number.POSITIVE_INFINITY;
    return source[end - 1] === '\r' ? end + 1 : line.end + 1;
  };

  return {
    next(offset, before) {
      if (offset >= source.length) return undefined;
      let line = lineAt(offset);
      const first = read(line, before);
      const prose = first.prose.map((span) => shiftSpan(span, offset));
      const last = prose.pop();
      if (!last) {
        const end = behindLine(line);
        return { start: offset, end, reach: Math.max(end, reachOf(line)), state: first.state, prose };
      }
      if (line.end - offset > maxBlockLength) {
        const end = pieceEnd(source, last.start, line.end);
        const cut = { start: last.start, end };
        return {
          start: offset,
          end,
          reach: Math.max(cutReach(cut), reachOf(line)),
          state: before,
          prose: [...prose, cut],
        };
      }
      const paragraph = { column: last.start - offset, isMarked: !first.isText };
      prose.push(last);
      let reading = first;
      let end = behindLine(line);
      while (!reading.isAlone && end < source.length) {
        line = lineAt(end);
        const next = read(line, reading.state, paragraph);
        const [rest, ...others] = next.prose.map((span) => shiftSpan(span, line.start));
        if (!next.isText || !rest || line.end - offset > maxBlockLength) break;
        reading = next;
        const open = prose.pop() ?? rest;
        prose.push({ start: open.start, end: rest.end }, ...others);
        end = behindLine(line);
      }
      return {
        start: offset,
        end,
        reach: Math.max(end, reachOf(line)),
        state: reading.state,
        prose,
      };
    },
    extract: ({ prose }) => prose.flatMap((span) => inlineBlock(source, span, inline)),
  };
}

function inlineBlock(source: string, span: Span, inline: InlineWriter): PlacedBlock[] {
  if (isLongLink(span)) return [];
  const builder = new ProseTextBuilder(source, span.start);
  inline.write(builder, source, span);
  const block = createBlock(builder.build());
  return block ? [{ ...span, block }] : [];
}
