import type { PlacedBlock } from '../core/text/prose';
import type { Span } from '../core/text/span';
import type { KnownSentences } from './knownSentences';

/** The version of a layout that was never made: the client shows nothing yet. Versions of LSP are larger. */
const NEVER = -2;
/** The version of a layout that has to be made again, whatever the text. */
const OUTDATED = -1;

/** One state of a document: its prose, as far as it was read. */
export interface LaidOutText {
  readonly layout: readonly PlacedBlock[];
  /** Of the text in which that prose is. */
  readonly length: number;
  readonly version: number;
  /** Whether the engine is not to be asked yet for what is new. */
  readonly isWithheld: boolean;
}

/** Which text the sentences of a document belong to, and what is to be reported when they follow it to the next. */
export class FollowedLayout {
  readonly #sentences: KnownSentences;
  #version = NEVER;
  /** Where the layout ends as long as it is only that of the beginning of a large document. */
  #previewEnd: number | undefined;
  /** Whether the next report is to cover the whole document: something else than its text changed. */
  #isToReportAll = false;
  /** Texts that were settled while the layout was behind the document. */
  readonly #missed = new Set<string>();

  constructor(sentences: KnownSentences) {
    this.#sentences = sentences;
  }

  get version(): number {
    return this.#version;
  }

  /** Whether there never was one. */
  get isNew(): boolean {
    return this.#version === NEVER;
  }

  /** Whether it is that of a whole text. */
  isOf(version: number): boolean {
    return this.#version === version && this.#previewEnd === undefined;
  }

  /** It has to be made again, whatever the text, and reported as a whole. */
  invalidate(): void {
    this.#version = OUTDATED;
    this.#isToReportAll = true;
  }

  reportAll(): void {
    this.#isToReportAll = true;
  }

  /** Takes over the beginning of a large document. Returns the stretches to report. */
  preview({ layout, length, version, isWithheld }: LaidOutText): Span[] {
    this.#sentences.follow(layout, length, isWithheld);
    this.#version = version;
    this.#previewEnd = length;
    return this.#sentences.knownStretches(layout);
  }

  /** Takes over a new layout. Returns the stretches to report: of those that changed what is known. */
  follow({ layout, length, version, isWithheld }: LaidOutText): Span[] {
    const { isNew } = this;
    const previewEnd = this.#previewEnd;
    // Where edits carried the preview to is not known.
    const isAll = this.#isToReportAll || (previewEnd !== undefined && version !== this.#version);
    this.#version = version;
    this.#previewEnd = undefined;
    this.#isToReportAll = false;
    const { added, window } = this.#sentences.follow(layout, length, isWithheld);
    const caughtUp = this.#sentences.settle(this.#missed);
    this.#missed.clear();
    // Nothing is shown yet of a document just opened.
    if (isNew) return this.#sentences.knownStretches(layout);
    if (isAll) return this.#sentences.knownRegions({ start: 0, end: length }, layout);
    if (previewEnd !== undefined) return this.#regionsAfterPreview(previewEnd, layout);
    return merge(this.#sentences.knownRegions(window, added), caughtUp);
  }

  /**
   * Looks up sentences with these texts.
   *
   * @param version of the document. Where the layout is behind it, they are looked up when that has followed.
   * @returns the stretches to report; undefined if the layout is behind.
   */
  settle(texts: ReadonlySet<string>, version: number): Span[] | undefined {
    if (this.#version === version) return this.#sentences.settle(texts);
    for (const text of texts) this.#missed.add(text);
    return undefined;
  }

  /** For a text of which nothing is to be analysed. */
  clear(version: number): void {
    this.#sentences.clear();
    this.#missed.clear();
    this.#previewEnd = undefined;
    this.#isToReportAll = false;
    this.#version = version;
  }

  /** What was previewed is replaced, and of the rest nothing is shown yet. */
  #regionsAfterPreview(previewEnd: number, layout: readonly PlacedBlock[]): Span[] {
    const previewed = layout.filter(({ start }) => start < previewEnd);
    const end = Math.max(previewEnd, previewed.at(-1)?.end ?? 0);
    const rest = layout.slice(previewed.length);
    return [
      ...this.#sentences.knownRegions({ start: 0, end }, previewed),
      ...this.#sentences.knownStretches(rest),
    ];
  }
}

/** Two lists of disjoint spans, each in order, as one in order. */
const merge = (a: readonly Span[], b: readonly Span[]): Span[] =>
  b.length === 0 ? [...a] : [...a, ...b].sort((x, y) => x.start - y.start);
