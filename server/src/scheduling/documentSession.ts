import type { SentenceLanguages } from '../core/language/sentenceLanguages';
import type { Clock, Logger } from '../core/ports';
import type { SentenceAnalysis } from '../core/tasks/results';
import type { PlacedBlock, ProseBlock, Sentence } from '../core/text/prose';
import type { Span } from '../core/text/span';
import type { AwaitedEvent, SkipReason } from '../protocol/protocol';
import type { DocumentRules } from '../rules/documentRules';
import type { MentionSource } from '../rules/reportedMentions';
import type { Settings } from '../settings/schema';
import type { DocumentEngines } from './analyzers';
import { FollowedLayout } from './followedLayout';
import { IgnoredStretches } from './ignoredStretches';
import { type AnalysisSource, KnownSentences } from './knownSentences';
import { findPreview } from './preview';
import { ProseReader } from './proseReader';
import type { Lane, SentenceScheduler, WorkSource } from './sentenceScheduler';
import { findSkipReason } from './skipReason';
import type { Pause } from './timeSlices';
import type { TrackedDocument } from './trackedDocument';
import { WaitingEdits } from './waitingEdits';

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
  readonly languages: SentenceLanguages;
  readonly onUpdate: (session: DocumentSession, update: SessionUpdate) => void;
}

/**
 * The analysis of one open document: its prose, followed through edits, and which of its sentences are known.
 * Says what it wants analysed ({@link WorkSource}) and reports what became known.
 */
export class DocumentSession implements WorkSource {
  readonly document: TrackedDocument;
  readonly #dependencies: SessionDependencies;
  readonly #reader: ProseReader;
  #settings: Settings;
  #rules: DocumentRules;
  #engines: DocumentEngines;
  readonly #sentences: KnownSentences;
  readonly #layout: FollowedLayout;
  readonly #ignored = new IgnoredStretches();
  /** Counts the refreshes, so that one that was overtaken stops. */
  #refreshes = 0;
  #refreshing: Promise<void> = Promise.resolve();
  readonly #waiting: WaitingEdits;
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
    rules: DocumentRules,
    engines: DocumentEngines,
    dependencies: SessionDependencies,
  ) {
    this.document = document;
    this.#settings = settings;
    this.#rules = rules;
    this.#engines = engines;
    this.#dependencies = dependencies;
    this.#reader = new ProseReader(document.languageId, settings, dependencies);
    this.#sentences = new KnownSentences(this.#analyses());
    this.#layout = new FollowedLayout(this.#sentences);
    this.#waiting = new WaitingEdits(dependencies.clock, settings, this.#sentences, () => {
      this.#scheduler.wake();
      this.#report([], true);
    });
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What is not to be reported of it, and what is by the project's own word. */
  get rules(): DocumentRules {
    return this.#rules;
  }

  /** Stretches of which comments in the text say that nothing is to be reported, in order. */
  get ignored(): readonly Span[] {
    return this.#ignored.spans;
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
    return this.#layout.version;
  }

  /** Whether the layout is that of the present text, so that its spans can be turned into positions. */
  get isCurrent(): boolean {
    return this.#layout.isOf(this.document.version);
  }

  /** The prose of that version. Empty where nothing is analysed; see {@link prose}. */
  get layout(): readonly PlacedBlock[] {
    return this.#sentences.layout;
  }

  get progress(): { readonly analyzed: number; readonly total: number } {
    return this.#sentences.progress;
  }

  /** How many sentences are in languages that no model in use knows, by language. */
  get leftOut(): ReadonlyMap<string, number> {
    return this.#sentences.leftOut;
  }

  /** Whether every sentence is known, or the engine gave up on it. */
  get isComplete(): boolean {
    return this.isCurrent && !this.#sentences.isAnyWithheld && !this.#sentences.isAnyWanted;
  }

  /** Whether nothing is missing but what is withheld. */
  get isResting(): boolean {
    return this.isCurrent && this.#sentences.isAnyWithheld && !this.#sentences.isAnyWanted;
  }

  /** What the rest of the analysis waits for, if no more than that is missing. */
  get awaits(): AwaitedEvent | undefined {
    return this.isCurrent ? this.#waiting.awaits : undefined;
  }

  /** Follows an edit. An ordinary keystroke needs one slice of work, which is done when this returns. */
  didEdit(): void {
    this.#startRefresh();
  }

  /** Begins to take part in the scheduling. */
  open(): void {
    this.#scheduler.add(this);
    this.#waiting.begin(this.document.version);
    this.didEdit();
  }

  didSave(): void {
    this.#waiting.didSave(this.document.version);
  }

  /** What is shown of other engines' results stays until these have answered. */
  changeSettings(settings: Settings, rules: DocumentRules, engines: DocumentEngines): void {
    const { analyzer } = this.#engines;
    const isAsNew = this.#waiting.changeSettings(settings) || this.#skipped || analyzer !== engines.analyzer;
    this.#settings = settings;
    this.#reader.changeSettings(settings);
    this.#rules = rules;
    this.#engines = engines;
    if (analyzer !== engines.analyzer) {
      analyzer.scheduler.remove(this);
      this.#scheduler.add(this);
      this.#sentences.replaceResults(this.#analyses());
    }
    if (isAsNew) this.#waiting.begin(this.document.version);
    this.#layout.invalidate();
    this.#startRefresh();
  }

  /** Sentences that the engine gave up on are wanted again. */
  retry(): void {
    this.#sentences.offerAgain();
    this.#report([], false);
  }

  /** @param version of the text that the view is of. */
  setView(view: View, version: number): void {
    this.#view = view;
    this.#edited = undefined;
    if (view.cursor !== undefined && version === this.document.version) this.#waiting.moveCursor(view.cursor);
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
    if (!this.#skipped) return this.layout;
    return (await this.#reader.readAside(this.document.getText(), () => this.#closed)) ?? [];
  }

  /**
   * Analyses all of the document, whatever settings and limits say. Resolves when everything is known, or the
   * engine gave up on what is not, or nobody waits any more.
   */
  async analyzeAll(token: Cancellation): Promise<void> {
    this.#forced = true;
    this.#waiting.beginRequest(this.document.version);
    if (this.#skipped) {
      this.#layout.invalidate();
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
    this.#waiting.endRequest(this.document.version, token.isCancellationRequested);
  }

  close(): void {
    this.#closed = true;
    this.#refreshes++;
    this.#waiting.stop();
    this.#scheduler.remove(this);
    this.#complete();
  }

  /** The result of a sentence of this document, if it is known. */
  analysisOf(sentence: Sentence): SentenceAnalysis | undefined {
    return this.#sentences.analysisOf(sentence);
  }

  /** As of `toLanguageCode`; undefined where it is not certain. */
  languageOf(sentence: Sentence, block: ProseBlock): string | undefined {
    return this.#dependencies.languages.of(sentence, block);
  }

  /** What decides which of the mentions of a sentence are worth showing, unless the user says. */
  mentionSource(sentence: Sentence, block: ProseBlock): MentionSource {
    const language = this.languageOf(sentence, block);
    return { language, leastScores: this.#engines.analyzer.models.leastScores(language) };
  }

  /** Waits for the result of one sentence; undefined if it cannot be had. */
  async requestAnalysis(sentence: Sentence): Promise<SentenceAnalysis | undefined> {
    return this.analysisOf(sentence) ?? (await this.#scheduler.request(sentence.text));
  }

  *wanted(lane: Lane): Generator<string> {
    if (!this.#sentences.isAnyPending) return;
    switch (lane) {
      case 'cursor': {
        const cursor = this.#edited ?? this.#view.cursor;
        if (cursor !== undefined) yield* this.#sentences.wantedAt(cursor);
        return;
      }
      case 'visible':
        yield* this.#sentences.wantedIn(this.#view.visible);
        return;
      case 'active':
        if (this.#view.active) yield* this.#sentences.takeWanted();
        return;
      case 'background':
        if (!this.#view.active) yield* this.#sentences.takeWanted();
    }
  }

  settled(texts: ReadonlySet<string>, lane: Lane): void {
    if (!this.#sentences.isAnyPending) return;
    const regions = this.#layout.settle(texts, this.document.version);
    if (regions && (regions.length > 0 || this.isComplete)) this.#report(regions, lane === 'cursor');
  }

  get #scheduler(): SentenceScheduler {
    return this.#engines.analyzer.scheduler;
  }

  #analyses(): AnalysisSource {
    const { scheduler, models } = this.#engines.analyzer;
    return {
      result: (text) => scheduler.result(text),
      hasFailed: (text) => scheduler.hasFailed(text),
      leftOut: (sentence, block) => models.leftOut(this.languageOf(sentence, block)),
    };
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
    this.#skipped = findSkipReason(text, {
      languageId: document.languageId,
      settings: this.#settings,
      rules: this.#rules,
      isForced: this.#forced,
    });
    if (this.#skipped) {
      this.#clear();
      this.#report([{ start: 0, end: text.length }], true);
      return;
    }
    const { pause } = this.#dependencies;
    const isOvertaken = () => this.#closed || refresh !== this.#refreshes;
    if (this.#layout.isNew) await this.#showPreview(text, version, isOvertaken);
    if (isOvertaken()) return;
    const layout = await this.#reader.read(text, edits, isOvertaken);
    if (!layout) return;
    // In a large document that was just opened each of the following steps takes as long as a slice.
    const isLarge = layout.length - this.layout.length > MANY_BLOCKS;
    if (isLarge) await pause();
    if (isOvertaken()) return;
    if (!this.#ignored.follow(text, edits)) this.#layout.reportAll();
    this.#waiting.willFollow();
    const isWithheld = this.#waiting.withholds(version);
    const regions = this.#layout.follow({ layout, length: text.length, version, isWithheld });
    this.#edited = edits?.at(-1)?.start;
    this.#waiting.didFollow(text, edits);
    this.#report(regions, true);
    if (isLarge) await pause();
    this.#scheduler.wake();
  }

  /** Begins with the beginning of a large document, which is what is seen of it, before all of it is read. */
  async #showPreview(text: string, version: number, isOvertaken: () => boolean): Promise<void> {
    const preview = findPreview(text, this.document.languageId);
    if (!preview) return;
    this.#ignored.follow(preview);
    const layout = await this.#reader.readAside(preview, isOvertaken);
    if (!layout) return;
    const isWithheld = this.#waiting.withholds(version);
    this.#report(this.#layout.preview({ layout, length: preview.length, version, isWithheld }), true);
    this.#scheduler.wake();
    await this.#dependencies.pause();
  }

  #clear(): void {
    this.#layout.clear(this.document.version);
    this.#waiting.stop();
    this.#reader.forget();
  }

  #report(regions: readonly Span[], urgent: boolean): void {
    this.#dependencies.onUpdate(this, { regions, urgent });
    if (this.isComplete) this.#complete();
  }

  #complete(): void {
    for (const resolve of this.#completion.splice(0)) resolve();
  }
}
