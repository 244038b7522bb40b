import { isBlankAt, skipBlanks, trimEnd } from './blanks';
import { type MappedText, MappedTextBuilder } from './mappedText';

/** The text of a block. */
export interface ProseText extends MappedText {
  /** Texts of their own that stand within it, such as footnotes. */
  readonly notes: readonly ProseText[];
  /** Where a line was ended on purpose: offsets in the text, in order. */
  readonly lineEnds: readonly number[];
}

/**
 * Puts a block's text together from stretches of its source, in order. A line break becomes one space: the
 * blanks around it vanish with it, and so does one at the start or the end.
 */
export class ProseTextBuilder extends MappedTextBuilder {
  #endsBlank = true;
  /** A line break that is written once something follows it. */
  #pendingBreak: { readonly start: number; readonly end: number } | undefined;
  readonly #notes: ProseTextBuilder[] = [];
  readonly #lineEnds: number[] = [];

  override copy(start: number, end: number): void {
    let from = start;
    while (from < end) {
      if (this.#pendingBreak || this.length === 0) {
        from = skipBlanks(this.source, from, end);
        if (from === end) return;
      }
      const lineBreak = this.#nextLineBreak(from, end);
      const to = lineBreak < end ? trimEnd(this.source, from, lineBreak) : end;
      if (to > from) this.#append(this.source.slice(from, to), from, to);
      if (lineBreak === end) return;
      from = lineBreak + (this.source.startsWith('\r\n', lineBreak) ? 2 : 1);
      this.breakLine(lineBreak, Math.min(from, end));
    }
  }

  override replace(start: number, end: number, text: string): void {
    if (text !== '') this.#append(text, start, end);
  }

  /** Takes `[start, end)` of the source as a line break. */
  breakLine(start: number, end: number): void {
    this.#pendingBreak ??= { start, end };
  }

  /** Takes `[start, end)` of the source as a line break that is no matter of layout. */
  endLine(start: number, end: number): void {
    this.breakLine(start, end);
    if (this.length > 0 && this.#lineEnds.at(-1) !== this.length) this.#lineEnds.push(this.length);
  }

  /** Begins a text of its own at this place; it is to be written to what is returned, and ends with this one. */
  note(): ProseTextBuilder {
    const note = new ProseTextBuilder(this.source, this.origin);
    this.#notes.push(note);
    return note;
  }

  override build(): ProseText {
    const notes = this.#notes.map((note) => note.build());
    return { ...super.build(), notes, lineEnds: this.#lineEnds };
  }

  #nextLineBreak(start: number, end: number): number {
    for (let index = start; index < end; index++) {
      const code = this.source.charCodeAt(index);
      if (code === 10 || code === 13) return index;
    }
    return end;
  }

  #append(text: string, start: number, end: number): void {
    const lineBreak = this.#pendingBreak;
    this.#pendingBreak = undefined;
    if (lineBreak && this.length > 0 && !this.#endsBlank) super.replace(lineBreak.start, lineBreak.end, ' ');
    super.replace(start, end, text);
    this.#endsBlank = isBlankAt(text, text.length - 1);
  }
}
