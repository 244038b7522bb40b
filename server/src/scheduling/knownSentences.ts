import { estimateTokens } from '../core/sentenceGroups';
import type { SentenceAnalysis } from '../core/tasks/results';
import type { PlacedBlock, ProseBlock, Sentence } from '../core/text/prose';
import { type Span, shiftSpan } from '../core/text/span';
import { diffLayouts, type LayoutChange, sentenceAt, sentencesIn } from './layout';
import { PendingSentences } from './pendingSentences';
import type { SentenceScheduler } from './sentenceScheduler';

/** Where analyses come from. */
export interface AnalysisSource extends Pick<SentenceScheduler, 'result' | 'hasFailed'> {
  /** The empty analysis of a sentence in a language that no model knows. */
  leftOut(sentence: Sentence, block: ProseBlock): SentenceAnalysis | undefined;
}

/** The prose of a document: what is known of its sentences, and which of the others are wanted. */
export class KnownSentences {
  #results: AnalysisSource;
  #layout: readonly PlacedBlock[] = [];
  /** By object, so that no text is hashed again on a keystroke. */
  readonly #analyses = new Map<Sentence, SentenceAnalysis>();
  readonly #pending = new PendingSentences();
  /** The texts of the wanted sentences, longest first; made when somebody asks. */
  #queue: string[] | undefined;
  #total = 0;
  /** By language: how many were left out. */
  readonly #leftOut = new Map<string, number>();

  constructor(results: AnalysisSource) {
    this.#results = results;
  }

  get layout(): readonly PlacedBlock[] {
    return this.#layout;
  }

  get progress(): { readonly analyzed: number; readonly total: number } {
    return { analyzed: this.#total - this.#pending.size, total: this.#total };
  }

  /** How many sentences no model was asked for, by their languages. */
  get leftOut(): ReadonlyMap<string, number> {
    return this.#leftOut;
  }

  get isAnyPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Whether the engine is not to be asked for some of the sentences yet. */
  get isAnyWithheld(): boolean {
    return this.#pending.withheld > 0;
  }

  /** Whether some sentence is waited for, other than those that the engine gave up on. */
  get isAnyWanted(): boolean {
    for (const text of this.#pending.wantedTexts()) if (!this.#results.hasFailed(text)) return true;
    return false;
  }

  analysisOf(sentence: Sentence): SentenceAnalysis | undefined {
    return this.#analyses.get(sentence);
  }

  /** Takes over a new layout. What edits brought is wanted unless it is to be withheld. */
  follow(layout: readonly PlacedBlock[], length: number, isWithheld: boolean): LayoutChange {
    const change = diffLayouts(this.#layout, layout, length);
    for (const { block } of change.removed) {
      for (const sentence of block.sentences) {
        this.#pending.delete(sentence);
        this.#forget(sentence);
      }
      this.#total -= block.sentences.length;
    }
    for (const { block } of change.added) {
      for (const sentence of block.sentences) {
        this.#lookUp(sentence, block);
        if (isWithheld) this.#pending.withhold(sentence);
      }
      this.#total += block.sentences.length;
    }
    this.#layout = layout;
    this.#queue = undefined;
    return change;
  }

  /** Forgets what is known, for results of another kind. */
  replaceResults(results: AnalysisSource): void {
    this.#results = results;
    this.#analyses.clear();
    this.#leftOut.clear();
    for (const { block } of this.#layout)
      for (const sentence of block.sentences) this.#lookUp(sentence, block);
    this.#queue = undefined;
  }

  clear(): void {
    this.#layout = [];
    this.#analyses.clear();
    this.#leftOut.clear();
    this.#pending.clear();
    this.#queue = undefined;
    this.#total = 0;
  }

  /** Looks up the pending sentences with these texts and returns where those stand that are known now. */
  settle(texts: ReadonlySet<string>): Span[] {
    const blocks = this.#pending.blocksWith(texts);
    const known: Span[] = [];
    if (blocks.size === 0) return known;
    for (const { start, block } of this.#layout) {
      if (!blocks.has(block)) continue;
      for (const sentence of block.sentences) {
        if (!texts.has(sentence.text) || !this.#pending.has(sentence)) continue;
        this.#lookUp(sentence, block);
        if (!this.#pending.has(sentence)) known.push(shiftSpan(sentence.source, start));
      }
    }
    return known;
  }

  /** A span less the pending sentences in it. */
  knownRegions(span: Span, blocks: readonly PlacedBlock[]): Span[] {
    const regions: Span[] = [];
    let { start } = span;
    if (this.#pending.size > 0) {
      for (const { block, start: at } of blocks) {
        for (const sentence of block.sentences) {
          if (!this.#pending.has(sentence)) continue;
          const pending = shiftSpan(sentence.source, at);
          if (start < pending.start) regions.push({ start, end: pending.start });
          start = pending.end;
        }
      }
    }
    if (start < span.end) regions.push({ start, end: span.end });
    return regions;
  }

  /** Known sentences of some blocks, neighbours together: all there is to say where nothing was said before. */
  knownStretches(blocks: readonly PlacedBlock[]): Span[] {
    const stretches: Span[] = [];
    let isGoingOn = false;
    for (const { block, start } of blocks) {
      for (const sentence of block.sentences) {
        const isKnown = !this.#pending.has(sentence);
        const at = shiftSpan(sentence.source, start);
        const last = stretches.at(-1);
        if (isKnown && isGoingOn && last)
          stretches[stretches.length - 1] = { start: last.start, end: at.end };
        else if (isKnown) stretches.push(at);
        isGoingOn = isKnown;
      }
    }
    return stretches;
  }

  /** Withholds the sentence at an offset, unless it is known. */
  withholdAt(offset: number): void {
    const placed = sentenceAt(this.#layout, offset);
    if (placed) this.#pending.withhold(placed.sentence);
  }

  withholdAll(): void {
    this.#pending.withholdAll();
  }

  /** From now on all that is not known is wanted. */
  wantAll(): void {
    this.#pending.release();
    this.offerAgain();
  }

  /** All that is wanted can be taken once more. */
  offerAgain(): void {
    this.#queue = undefined;
  }

  *wantedAt(offset: number): Generator<string> {
    const placed = sentenceAt(this.#layout, offset);
    if (placed && this.#pending.isWanted(placed.sentence)) yield placed.sentence.text;
  }

  *wantedIn(spans: readonly Span[]): Generator<string> {
    for (const span of spans) {
      for (const { sentence } of sentencesIn(this.#layout, span))
        if (this.#pending.isWanted(sentence)) yield sentence.text;
    }
  }

  /** Each text once: what was taken from here is not offered again before something changes. */
  *takeWanted(): Generator<string> {
    this.#queue ??= sortByLength(this.#pending.wantedTexts());
    const queue = this.#queue;
    // Sentences are taken from the end for good: they are sent now, or were settled another way.
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (this.#pending.isTextWanted(next) && !this.#results.hasFailed(next)) yield next;
    }
  }

  /** Makes a sentence known or pending. */
  #lookUp(sentence: Sentence, block: ProseBlock): void {
    if (this.#analyses.has(sentence)) return;
    const analysis = this.#results.leftOut(sentence, block) ?? this.#results.result(sentence.text);
    if (analysis) {
      this.#analyses.set(sentence, analysis);
      this.#countLeftOut(analysis, 1);
      this.#pending.delete(sentence);
    } else {
      this.#pending.add(sentence, block);
    }
  }

  #forget(sentence: Sentence): void {
    const analysis = this.#analyses.get(sentence);
    if (analysis) this.#countLeftOut(analysis, -1);
    this.#analyses.delete(sentence);
  }

  #countLeftOut({ isLeftOut, language }: SentenceAnalysis, change: 1 | -1): void {
    if (!isLeftOut || language === undefined) return;
    const count = (this.#leftOut.get(language) ?? 0) + change;
    if (count > 0) this.#leftOut.set(language, count);
    else this.#leftOut.delete(language);
  }
}

/** Longest first. By tokens, not by characters: a Chinese sentence has several times as many for its length. */
function sortByLength(texts: Iterable<string>): string[] {
  const measured = Array.from(texts, (text) => ({ text, tokens: estimateTokens(text) }));
  measured.sort((a, b) => b.tokens - a.tokens);
  return measured.map(({ text }) => text);
}
