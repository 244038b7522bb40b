import { type SourceMap, segmentMap, verbatimMap } from './sourceMap';

/** A text made from a source, and where in the source it came from. */
export interface MappedText {
  readonly text: string;
  readonly map: SourceMap;
}

/** Puts a text together from stretches of a source, in order. */
export class MappedTextBuilder {
  protected readonly source: string;
  protected readonly origin: number;
  readonly #parts: string[] = [];
  /** See {@link segmentMap}. */
  readonly #segments: number[] = [];
  #length = 0;

  /** @param origin the offset in `source` to which the map is relative. */
  constructor(source: string, origin: number) {
    this.source = source;
    this.origin = origin;
  }

  /** How long the text is so far. */
  get length(): number {
    return this.#length;
  }

  /** Takes over `[start, end)` of the source. */
  copy(start: number, end: number): void {
    if (start < end) this.#push(this.source.slice(start, end), start, end);
  }

  /** Puts `text` in the place of `[start, end)` of the source. */
  replace(start: number, end: number, text: string): void {
    if (text !== '') this.#push(text, start, end);
  }

  build(): MappedText {
    const text = ownCopy(this.#parts);
    const [textStart, sourceStart, sourceLength] = this.#segments;
    if (textStart === undefined || (this.#segments.length === 3 && sourceLength === text.length)) {
      return { text, map: verbatimMap(sourceStart ?? 0) };
    }
    return { text, map: segmentMap(this.#segments, text.length) };
  }

  #push(text: string, start: number, end: number): void {
    const segments = this.#segments;
    const last = segments.length - 3;
    const sourceStart = start - this.origin;
    const sourceLength = end - start;
    const continues =
      last >= 0 &&
      text.length === sourceLength &&
      (segments[last + 1] as number) + (segments[last + 2] as number) === sourceStart &&
      this.#length - (segments[last] as number) === segments[last + 2];
    if (continues) segments[last + 2] = (segments[last + 2] as number) + sourceLength;
    else segments.push(this.#length, sourceStart, sourceLength);
    this.#parts.push(text);
    this.#length += text.length;
  }
}

/**
 * Joins slices to a string of its own. A slice of one part would keep the whole document in memory for as long
 * as the block lives, one version of it for every edit; joining two strings copies.
 */
function ownCopy(parts: readonly string[]): string {
  return parts.length === 1 ? ` ${parts[0]}`.slice(1) : parts.join('');
}
