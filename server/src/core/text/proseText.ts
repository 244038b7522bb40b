import { isBlankAt, skipBlanks, trimEnd } from './blanks';
import { type SourceMap, segmentMap, verbatimMap } from './sourceMap';

/** Prose as the model sees it, and where it came from. */
export interface ProseText {
  readonly text: string;
  readonly map: SourceMap;
}

/**
 * Puts a block's text together from stretches of its source, in order. A line break becomes one space: the
 * blanks around it vanish with it, and so does one at the start or the end.
 */
export class ProseTextBuilder {
  readonly #source: string;
  readonly #origin: number;
  readonly #parts: string[] = [];
  /** See {@link segmentMap}. */
  readonly #segments: number[] = [];
  #length = 0;
  #endsBlank = true;
  /** A line break that is written once something follows it. */
  #pendingBreak: { readonly start: number; readonly end: number } | undefined;

  /** @param origin the offset in `source` to which the map is relative. */
  constructor(source: string, origin: number) {
    this.#source = source;
    this.#origin = origin;
  }

  /** Takes over `[start, end)` of the source. */
  copy(start: number, end: number): void {
    let from = start;
    while (from < end) {
      if (this.#pendingBreak || this.#length === 0) {
        from = skipBlanks(this.#source, from, end);
        if (from === end) return;
      }
      const lineBreak = this.#nextLineBreak(from, end);
      const to = lineBreak < end ? trimEnd(this.#source, from, lineBreak) : end;
      if (to > from) this.#append(this.#source.slice(from, to), from, to);
      if (lineBreak === end) return;
      from = lineBreak + (this.#source.startsWith('\r\n', lineBreak) ? 2 : 1);
      this.breakLine(lineBreak, Math.min(from, end));
    }
  }

  /** Puts `text` in the place of `[start, end)` of the source. */
  replace(start: number, end: number, text: string): void {
    if (text !== '') this.#append(text, start, end);
  }

  /** Takes `[start, end)` of the source as a line break. */
  breakLine(start: number, end: number): void {
    this.#pendingBreak ??= { start, end };
  }

  build(): ProseText {
    const text = ownCopy(this.#parts);
    const [textStart, sourceStart, sourceLength] = this.#segments;
    if (textStart === undefined || (this.#segments.length === 3 && sourceLength === text.length)) {
      return { text, map: verbatimMap(sourceStart ?? 0) };
    }
    return { text, map: segmentMap(this.#segments, text.length) };
  }

  #nextLineBreak(start: number, end: number): number {
    for (let index = start; index < end; index++) {
      const code = this.#source.charCodeAt(index);
      if (code === 10 || code === 13) return index;
    }
    return end;
  }

  #append(text: string, start: number, end: number): void {
    const lineBreak = this.#pendingBreak;
    this.#pendingBreak = undefined;
    if (lineBreak && this.#length > 0 && !this.#endsBlank) this.#push(' ', lineBreak.start, lineBreak.end);
    this.#push(text, start, end);
    this.#endsBlank = isBlankAt(text, text.length - 1);
  }

  #push(text: string, start: number, end: number): void {
    const segments = this.#segments;
    const last = segments.length - 3;
    const sourceStart = start - this.#origin;
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
