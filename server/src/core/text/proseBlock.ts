import { isBlankAt } from './blanks';
import { GAP, type ProseBlock, type Sentence } from './prose';
import type { ProseText } from './proseText';
import { segmentSentences } from './sentences';
import type { SourceMap } from './sourceMap';
import type { Span } from './span';

/** Cuts prose into sentences. @returns undefined where there is none, only blanks and gaps. */
export function createBlock(prose: ProseText): ProseBlock | undefined {
  const sentences = sentencesOf(prose);
  if (prose.notes.length > 0) sentences.sort((a, b) => a.source.start - b.source.start);
  return sentences.length > 0 ? { sentences } : undefined;
}

/** The sentences of a text, and behind them those of its notes. */
function sentencesOf({ text, map, lineEnds, notes }: ProseText): Sentence[] {
  const sentences: Sentence[] = segmentSentences(text)
    .filter(({ start, end }) => !isGap(text, start, end))
    .map((span) => new MappedSentence(text.slice(span.start, span.end), span, map, lineEnds));
  for (const note of notes) sentences.push(...sentencesOf(note));
  return sentences;
}

class MappedSentence implements Sentence {
  readonly text: string;
  readonly source: Span;
  readonly lineEnds: readonly number[];
  readonly #start: number;
  readonly #map: SourceMap;

  constructor(text: string, { start, end }: Span, map: SourceMap, lineEnds: readonly number[]) {
    this.text = text;
    this.#start = start;
    this.#map = map;
    this.source = map.toSource({ start, end });
    this.lineEnds = lineEnds.filter((at) => at > start && at < end).map((at) => at - start);
  }

  toSource(span: Span): Span {
    return this.#map.toSource({ start: this.#start + span.start, end: this.#start + span.end });
  }
}

/** Whether there is nothing to read in a stretch of a sentence's text. */
export function isGap(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    if (text[index] !== GAP && !isBlankAt(text, index)) return false;
  }
  return true;
}
