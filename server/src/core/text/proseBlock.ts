import { isBlankAt } from './blanks';
import type { MappedText } from './mappedText';
import { GAP, type ProseBlock, type Sentence } from './prose';
import { segmentSentences } from './sentences';
import type { SourceMap } from './sourceMap';
import type { Span } from './span';

/** Cuts prose into sentences. @returns undefined where there is none, only blanks and gaps. */
export function createBlock(prose: MappedText): ProseBlock | undefined {
  const { text, map } = prose;
  const sentences = segmentSentences(text)
    .filter(({ start, end }) => !isGap(text, start, end))
    .map((span) => new MappedSentence(prose.text.slice(span.start, span.end), span.start, map));
  return sentences.length > 0 ? { sentences } : undefined;
}

class MappedSentence implements Sentence {
  readonly text: string;
  readonly source: Span;
  readonly #start: number;
  readonly #map: SourceMap;

  constructor(text: string, start: number, map: SourceMap) {
    this.text = text;
    this.#start = start;
    this.#map = map;
    this.source = map.toSource({ start, end: start + text.length });
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
