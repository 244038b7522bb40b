import type { MappedText } from './mappedText';
import type { PlacedBlock, ProseExtractor, Sentence } from './prose';
import type { SourceMap } from './sourceMap';
import { type Span, shiftSpan } from './span';

/**
 * The prose of a text that stands inside of another one: what a comment says, the value of a string.
 *
 * @param embedded with a map relative to some origin in the source.
 * @returns blocks relative to that origin.
 */
export function* extractEmbedded(
  embedded: MappedText,
  extractor: ProseExtractor,
): Generator<void, PlacedBlock[]> {
  const blocks = yield* extractor.update(embedded.text);
  return blocks.map((placed) => embedBlock(placed, embedded.map));
}

/** The same at once, for short texts. */
export function finishEmbedded(embedded: MappedText, extractor: ProseExtractor): PlacedBlock[] {
  const update = extractEmbedded(embedded, extractor);
  for (;;) {
    const step = update.next();
    if (step.done) return step.value;
  }
}

function embedBlock({ start, end, block }: PlacedBlock, map: SourceMap): PlacedBlock {
  const source = map.toSource({ start, end });
  const blockMap: SourceMap = {
    toSource: (span) => shiftSpan(map.toSource(shiftSpan(span, start)), -source.start),
  };
  return {
    ...source,
    block: { sentences: block.sentences.map((sentence) => new EmbeddedSentence(sentence, blockMap)) },
  };
}

class EmbeddedSentence implements Sentence {
  readonly source: Span;
  readonly #inner: Sentence;
  readonly #map: SourceMap;

  /** @param map leads from the block of `inner` to the block of this sentence. */
  constructor(inner: Sentence, map: SourceMap) {
    this.#inner = inner;
    this.#map = map;
    this.source = map.toSource(inner.source);
  }

  get text(): string {
    return this.#inner.text;
  }

  get lineEnds(): readonly number[] {
    return this.#inner.lineEnds;
  }

  toSource(span: Span): Span {
    return this.#map.toSource(this.#inner.toSource(span));
  }
}
