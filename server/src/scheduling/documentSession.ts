import type { Clock, Logger } from '../core/ports';
import { estimateTokens } from '../core/sentenceGroups';
import type { SentenceAnalysis } from '../core/tasks/results';
import { createExtractor } from '../core/text/extractors';
import type { PlacedBlock, ProseBlock, ProseExtractor, Sentence } from '../core/text/prose';
import { type Span, shiftSpan } from '../core/text/span';
import type { SkipReason } from '../protocol/protocol';
import type { Settings } from '../settings/schema';
import type { DocumentEngines } from './analyzers';
import { diffLayouts, sentenceAt, sentencesIn } from './layout';
import { PendingSentences } from './pendingSentences';
import type { Lane, SentenceScheduler, WorkSource } from './sentenceScheduler';
import { type Pause, runInSlices } from './timeSlices';
import type { TrackedDocument } from './trackedDocument';

/** How many characters at the start of a document are searched for a NUL, which text does not have. */
const BINARY_PROBE_CHARACTERS = 8_192;

/** What a client shows of a document. */
export interface View {
  readonly active: boolean;
  readonly visible: readonly Span[];
  readonly cursor?: number;
}

export interface SessionUpdate {
  /** Stretches of the document of which everything is known and something may be new, in order. */
  readonly regions: readonly Span[];
  /** Whether the user waits for this: an answer to an edit or at the cursor, not bulk work. */
  readonly urgent: boolean;
}

/** The version of a layout that was never made: the client shows nothing yet. Versions of LSP are larger. */
const NEVER = -2;
/** The version of a layout that has to be made again, whatever the text. */
const OUTDATED = -1;

/** An update that brings so many blocks more is taken over in several turns of the event loop. */
const MANY_BLOCKS = 300;

/** As LSP's CancellationToken. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

export interface SessionDependencies {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly logger: Logger;
  readonly onUpdate: (session: DocumentSession, update: SessionUpdate) => void;
}

/**
 * The analysis of one open document: its prose, followed through edits, and which of its sentences are known.
 * Says what it wants analysed ({@link WorkSource}) and reports what became known.
 */
export class DocumentSession implements WorkSource {
  readonly document: TrackedDocument;
  readonly #dependencies: SessionDependencies;
  readonly #extractor: ProseExtractor;
  #settings: Settings;
  #engines: DocumentEngines;
  #layout: readonly PlacedBlock[] = [];
  #laidOutVersion = NEVER;
  /** Whether the next report is to cover the whole document: something else than its text changed. */
  #isToReportAll = false;
  /** Whether the extractor knows the text before the latest edits. */
  #isFollowing = false;
  /** Counts the refreshes, so that one that was overtaken stops. */
  #refreshes = 0;
  #refreshing: Promise<void> = Promise.resolve();
  /** Of the sentences of the layout. By object, so that no text is hashed again on a keystroke. */
  readonly #analyses = new Map<Sentence, SentenceAnalysis>();
  readonly #pending = new PendingSentences();
  /** Texts that were settled while the layout was behind the document. */
  readonly #missed = new Set<string>();
  /** The texts of the pending sentences, longest first; made when somebody asks. */
  #queue: string[] | undefined;
  #sentences = 0;
  #view: View = { active: false, visible: [] };
  /** Where the last edit was, for clients that do not tell their cursor. */
  #edited: number | undefined;
  /** The user asked for the analysis although a setting or limit says no. */
  #forced = false;
  #skipped: SkipReason | undefined;
  #completion: (() => void)[] = [];
  #closed = false;

  constructor(
    document: TrackedDocument,
    settings: Settings,
    engines: DocumentEngines,
    dependencies: SessionDependencies,
  ) {
    this.document = document;
    this.#settings = settings;
    this.#engines = engines;
    this.#dependencies = dependencies;
    this.#extractor = createExtractor(document.languageId);
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What its results are from. */
  get engines(): DocumentEngines {
    return this.#engines;
  }

  /** Why nothing is analysed, if so. */
  get skipped(): SkipReason | undefined {
    return this.#skipped;
  }

  /** The version that the layout, and with it every span this session gives out, belongs to. */
  get version(): number {
    return this.#laidOutVersion;
  }

  /** Whether the layout is that of the present text, so that its spans can be turned into positions. */
  get isCurrent(): boolean {
    return this.#laidOutVersion === this.document.version;
  }

  /** The prose of that version. Empty where nothing is analysed; see {@link prose}. */
  get layout(): readonly PlacedBlock[] {
    return this.#layout;
  }

  get progress(): { readonly analyzed: number; readonly total: number } {
    return { analyzed: this.#sentences - this.#pending.size, total: this.#sentences };
  }

  /** Whether every sentence is known, or the engine gave up on it. */
  get isComplete(): boolean {
    if (!this.isCurrent) return false;
    for (const text of this.#pending.texts()) if (!this.#scheduler.hasFailed(text)) return false;
    return true;
  }

  /** Follows an edit. An ordinary keystroke needs one slice of work, which is done when this returns. */
  didEdit(): void {
    this.#startRefresh();
  }

  /** Begins to take part in the scheduling. */
  open(): void {
    this.#scheduler.add(this);
    this.didEdit();
  }

  /** What is shown of other engines' results stays until these have answered. */
  changeSettings(settings: Settings, engines: DocumentEngines): void {
    const { analyzer } = this.#engines;
    this.#settings = settings;
    this.#engines = engines;
    if (analyzer !== engines.analyzer) {
      analyzer.scheduler.remove(this);
      this.#scheduler.add(this);
      this.#forgetAnalyses();
    }
    this.#laidOutVersion = OUTDATED;
    this.#isToReportAll = true;
    this.#startRefresh();
  }

  /** Sentences that the engine gave up on are wanted again. */
  retry(): void {
    this.#queue = undefined;
    this.#report([], false);
  }

  setView(view: View): void {
    this.#view = view;
    this.#edited = undefined;
    this.#scheduler.wake();
  }

  /** Waits until the layout is that of the present text; at once but for large documents just opened. */
  async ready(): Promise<void> {
    while (!this.isCurrent && !this.#closed && !this.#skipped) {
      await this.#refreshing;
    }
  }

  /** The prose of the present text, also of a document that is not to be analysed. */
  async prose(): Promise<readonly PlacedBlock[]> {
    await this.ready();
    if (!this.#skipped) return this.#layout;
    const { clock, pause } = this.#dependencies;
    const work = createExtractor(this.document.languageId).update(this.document.getText());
    return (await runInSlices(work, clock, pause, () => this.#closed)) ?? [];
  }

  /**
   * Analyses all of the document, whatever settings and limits say. Resolves when everything is known, or the
   * engine gave up on what is not, or nobody waits any more.
   */
  async analyzeAll(token: Cancellation): Promise<void> {
    this.#forced = true;
    if (this.#skipped) {
      this.#laidOutVersion = OUTDATED;
      this.didEdit();
    }
    await this.ready();
    const cancelled = token.onCancellationRequested(() => this.#complete());
    while (!this.isComplete && !this.#closed && !token.isCancellationRequested) {
      await new Promise<void>((resolve) => {
        this.#completion.push(resolve);
        this.#scheduler.wake();
      });
    }
    cancelled.dispose();
  }

  close(): void {
    this.#closed = true;
    this.#refreshes++;
    this.#scheduler.remove(this);
    this.#complete();
  }

  /** The result of a sentence of this document, if it is known. */
  analysisOf(sentence: Sentence): SentenceAnalysis | undefined {
    return this.#analyses.get(sentence);
  }

  /** Waits for the result of one sentence; undefined if it cannot be had. */
  async requestAnalysis(sentence: Sentence): Promise<SentenceAnalysis | undefined> {
    return this.analysisOf(sentence) ?? (await this.#scheduler.request(sentence.text));
  }

  *wanted(lane: Lane): Generator<string> {
    if (this.#pending.size === 0) return;
    switch (lane) {
      case 'cursor': {
        const cursor = this.#edited ?? this.#view.cursor;
        const placed = cursor === undefined ? undefined : sentenceAt(this.#layout, cursor);
        if (placed && this.#pending.has(placed.sentence)) yield placed.sentence.text;
        return;
      }
      case 'visible':
        for (const span of this.#view.visible) {
          for (const { sentence } of sentencesIn(this.#layout, span)) {
            if (this.#pending.has(sentence)) yield sentence.text;
          }
        }
        return;
      case 'active':
        if (this.#view.active) yield* this.#bulk();
        return;
      case 'background':
        if (!this.#view.active) yield* this.#bulk();
    }
  }

  settled(texts: ReadonlySet<string>, lane: Lane): void {
    if (this.#pending.size === 0) return;
    if (!this.isCurrent) {
      for (const text of texts) this.#missed.add(text);
      return;
    }
    const regions = this.#collectKnown(texts);
    if (regions.length > 0 || this.isComplete) this.#report(regions, lane === 'cursor');
  }

  get #scheduler(): SentenceScheduler {
    return this.#engines.analyzer.scheduler;
  }

  #forgetAnalyses(): void {
    this.#analyses.clear();
    for (const { block } of this.#layout)
      for (const sentence of block.sentences) this.#lookUp(sentence, block);
    this.#queue = undefined;
  }

  #bulk(): Iterable<string> {
    const scheduler = this.#scheduler;
    this.#queue ??= sortByLength(this.#pending.texts());
    const queue = this.#queue;
    const pending = this.#pending;
    return (function* () {
      // Sentences are taken from the end for good: they are sent now, or were settled another way.
      for (let next = queue.pop(); next; next = queue.pop()) {
        if (pending.hasText(next) && !scheduler.hasFailed(next)) yield next;
      }
    })();
  }

  /** Makes a sentence known or pending. */
  #lookUp(sentence: Sentence, block: ProseBlock): void {
    const analysis = this.#analyses.get(sentence) ?? this.#scheduler.result(sentence.text);
    if (analysis) {
      this.#analyses.set(sentence, analysis);
      this.#pending.delete(sentence);
    } else {
      this.#pending.add(sentence, block);
    }
  }

  /** Looks up the pending sentences with these texts and returns where those stand that are known now. */
  #collectKnown(texts: ReadonlySet<string>): Span[] {
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

  #startRefresh(): void {
    this.#refreshing = this.#refresh().catch((error: unknown) => {
      this.#dependencies.logger.error(`The prose of a document could not be found. ${String(error)}`);
      this.#clear();
    });
  }

  async #refresh(): Promise<void> {
    const refresh = ++this.#refreshes;
    const { document } = this;
    const { version } = document;
    const text = document.getText();
    const edits = document.takeEdits();
    this.#skipped = this.#reasonToSkip(text);
    if (this.#skipped) {
      this.#clear();
      this.#isToReportAll = false;
      this.#report([{ start: 0, end: text.length }], true);
      return;
    }
    const { clock, pause } = this.#dependencies;
    const work = this.#extractor.update(text, this.#isFollowing ? edits : undefined);
    this.#isFollowing = true;
    const isOvertaken = () => this.#closed || refresh !== this.#refreshes;
    const layout = await runInSlices(work, clock, pause, isOvertaken);
    if (!layout) return;
    // In a large document that was just opened each of the following steps takes as long as a slice.
    const isLarge = layout.length - this.#layout.length > MANY_BLOCKS;
    if (isLarge) await pause();
    if (isOvertaken()) return;
    const regions = this.#follow(layout, text.length);
    this.#laidOutVersion = version;
    this.#edited = edits?.at(-1)?.start;
    this.#report(regions, true);
    if (isLarge) await pause();
    this.#scheduler.wake();
  }

  /** Takes over a new layout. Returns the stretches to report: of those that changed what is known. */
  #follow(layout: readonly PlacedBlock[], length: number): Span[] {
    const { removed, added, window } = diffLayouts(this.#layout, layout, length);
    for (const { block } of removed) {
      for (const sentence of block.sentences) {
        this.#pending.delete(sentence);
        this.#analyses.delete(sentence);
      }
      this.#sentences -= block.sentences.length;
    }
    for (const { block } of added) {
      for (const sentence of block.sentences) this.#lookUp(sentence, block);
      this.#sentences += block.sentences.length;
    }
    this.#layout = layout;
    this.#queue = undefined;
    const caughtUp = this.#collectKnown(this.#missed);
    this.#missed.clear();
    // Nothing is shown of a document just opened: that nothing is known between its sentences is no news.
    if (this.#laidOutVersion === NEVER && this.#analyses.size === 0) return [];
    if (!this.#isToReportAll) return merge(this.#knownRegions(window, added), caughtUp);
    this.#isToReportAll = false;
    return this.#knownRegions({ start: 0, end: length }, layout);
  }

  /** A span less the pending sentences in it. */
  #knownRegions(span: Span, blocks: readonly PlacedBlock[]): Span[] {
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

  #reasonToSkip(text: string): SkipReason | undefined {
    if (text.slice(0, BINARY_PROBE_CHARACTERS).includes('\0')) return 'binary';
    if (this.#forced) return undefined;
    if (!this.#settings.enabled) return 'disabled';
    if (!this.#settings.languages.includes(this.document.languageId)) return 'unsupportedLanguage';
    return text.length > this.#settings['limits.documentCharacters'] ? 'tooLarge' : undefined;
  }

  #clear(): void {
    this.#layout = [];
    this.#pending.clear();
    this.#missed.clear();
    this.#analyses.clear();
    this.#queue = undefined;
    this.#sentences = 0;
    this.#isFollowing = false;
    this.#laidOutVersion = this.document.version;
  }

  #report(regions: readonly Span[], urgent: boolean): void {
    this.#dependencies.onUpdate(this, { regions, urgent });
    if (this.isComplete) this.#complete();
  }

  #complete(): void {
    for (const resolve of this.#completion.splice(0)) resolve();
  }
}

/** Longest first. By tokens, not by characters: a Chinese sentence has several times as many for its length. */
function sortByLength(texts: Iterable<string>): string[] {
  const measured = Array.from(texts, (text) => ({ text, tokens: estimateTokens(text) }));
  measured.sort((a, b) => b.tokens - a.tokens);
  return measured.map(({ text }) => text);
}

/** Two lists of disjoint spans, each in order, as one in order. */
const merge = (a: readonly Span[], b: readonly Span[]): Span[] =>
  b.length === 0 ? [...a] : [...a, ...b].sort((x, y) => x.start - y.start);
