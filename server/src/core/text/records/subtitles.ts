import { skipBlanks, trimEnd } from '../blanks';
import { lineBreakLength, lineEndAt, splitLines } from '../lines';
import { gap, InlineWriter, nothing } from '../markup/inlineRules';
import { maxBlockLength } from '../pieces';
import type { PlacedBlock } from '../prose';
import { createBlock } from '../proseBlock';
import { ProseTextBuilder } from '../proseText';
import type { Span } from '../span';
import { UnitExtractor } from '../unitExtractor';
import type { Unit, Units } from '../units';

/** Lines that are read together, each without its tags. */
interface CueUnit extends Unit {
  readonly lines: readonly Span[];
}

/** So many cues make a block at most, in texts without full stops. */
const maxCues = 8;

const timing = /-->/;
const header = /^\uFEFF?(?:WEBVTT|NOTE|STYLE|REGION)(?=\s|$)/;
const sentenceEnd = /[.!?…。！？♪♫:)\]"”»」]\s*(?:<\/[^<>]{1,40}>\s*)*$/;
/** The dash in front of what another person says. */
const speaker = /^(?:-|–|—|>>)\s*(?=\S)/;

const inline = new InlineWriter([
  nothing(String.raw`<\/?[a-zA-Z\d][^<>\r\n]{0,200}>|\{\\[^{}\r\n]{1,100}\}|[♪♫]|&[lr][rl]m;`),
  { pattern: '&amp;', as: '&' },
  { pattern: '&lt;', as: '<' },
  { pattern: '&gt;', as: '>' },
  { pattern: String.raw`&nbsp;|\\[Nnh]`, as: ' ' },
  gap(String.raw`\{\{[^{}]{1,100}\}\}`),
]);

/** Finds the prose of SubRip and WebVTT. Sentences go on from cue to cue until one of them ends with its cue. */
export class SubtitleExtractor extends UnitExtractor<CueUnit> {
  constructor() {
    super(cueUnits);
  }
}

const cueUnits = (text: string): Units<PlacedBlock, CueUnit> => ({
  next(offset) {
    const start = skipBlanks(text, offset);
    if (start === text.length) return undefined;
    const lines: Span[] = [];
    let end = start;
    let reach = start;
    for (let count = 0; count < maxCues && end - start < maxBlockLength; count++) {
      const cue = readCue(text, skipBlanks(text, end));
      reach = Math.max(reach, cue.reach);
      const first = cue.lines[0];
      // What another person says begins a unit.
      if (lines.length > 0 && (!first || speaker.test(text.slice(first.start, first.end)))) break;
      const change = cue.lines.findIndex(
        (line, index) => index > 0 && speaker.test(text.slice(line.start, line.end)),
      );
      lines.push(...(change < 0 ? cue.lines : cue.lines.slice(0, change)));
      const behind = cue.lines[change];
      end = behind ? behind.start : cue.end;
      const last = lines.at(-1);
      if (!last || behind || end === text.length || sentenceEnd.test(text.slice(last.start, last.end))) break;
    }
    return { start, end, reach: reach >= text.length ? Number.POSITIVE_INFINITY : reach, lines };
  },
  extract: ({ lines }) => cueBlock(text, lines),
});

/** The lines of text of the cue that begins at an offset, up to an empty line. */
function readCue(text: string, start: number): { lines: Span[]; end: number; reach: number } {
  let end = start;
  for (let at = start; at < text.length; ) {
    end = lineEndAt(text, at, Math.min(text.length, start + maxBlockLength));
    at = end + lineBreakLength(text, end);
    if (
      at === end ||
      skipBlanks(text, at, lineEndAt(text, at, at + maxBlockLength)) ===
        lineEndAt(text, at, at + maxBlockLength)
    )
      break;
  }
  const all = splitLines(text, { start, end });
  const reach = end + 3;
  if (header.test(text.slice(start, Math.min(end, start + 20)))) return { lines: [], end, reach };
  const timed = all.findIndex((line) => timing.test(text.slice(line.start, line.end)));
  return { lines: all.slice(timed + 1), end, reach };
}

function cueBlock(text: string, lines: readonly Span[]): PlacedBlock[] {
  const [first] = lines;
  const last = lines.at(-1);
  if (!first || !last) return [];
  const builder = new ProseTextBuilder(text, first.start);
  let at = first.start;
  for (const line of lines) {
    const begins = line.start + (speaker.exec(text.slice(line.start, line.end))?.[0].length ?? 0);
    if (line !== first) builder.breakLine(at, line.start);
    inline.write(builder, text, { start: begins, end: line.end });
    at = line.end;
  }
  const block = createBlock(builder.build());
  return block ? [{ start: first.start, end: trimEnd(text, first.start, last.end), block }] : [];
}
