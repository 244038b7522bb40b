import type { AnalysisEngine, Logger } from '../core/ports';
import { estimateTokens } from '../core/sentenceGroups';
import type { Aggregation } from '../core/tasks/aggregation';
import type { SentenceAnalysis } from '../core/tasks/results';

/** What is inferred first: where the cursor is, what can be seen, the active document, everything else. */
export const lanes = ['cursor', 'visible', 'active', 'background'] as const;
export type Lane = (typeof lanes)[number];

/** Somebody who wants sentences analysed: an open document. */
export interface WorkSource {
  /** Texts of sentences of which the result is wanted, those of similar length together, no promise of order. */
  wanted(lane: Lane): Iterable<string>;
  /** Results of these texts can be had from the scheduler now, or, if they failed, never. */
  settled(texts: ReadonlySet<string>, lane: Lane): void;
}

/** Lanes whose requests the engine takes in between two batches of the others. */
const interactiveLanes: readonly Lane[] = ['cursor', 'visible'];
const bulkLanes: readonly Lane[] = ['active', 'background'];

/**
 * Estimated tokens in one request to the engine, which makes its own, exact batches of what is in it. A request that
 * was sent is finished, so those that a cursor may have to wait for are small; bulk work gets batches with little
 * padding out of large ones.
 */
const INTERACTIVE_TOKENS = 512;
const BULK_TOKENS = 4096;

/** Most sentences in a request, so that taking in its results does not hold up the server. */
const SENTENCES_A_REQUEST = 128;

/** Of either kind: two, so that the engine finds the next request when it has finished one. */
const REQUESTS_IN_FLIGHT = 2;

/** Analyses by the texts of sentences; may forget. */
export interface SentenceResults {
  get(text: string): SentenceAnalysis | undefined;
  set(text: string, analysis: SentenceAnalysis): void;
}

export interface SchedulerOptions {
  readonly aggregation: Aggregation;
  /** Of this engine with this aggregation. */
  readonly results: SentenceResults;
}

/**
 * Feeds the engine. It keeps no queue: whenever there is room it asks the sources, lane by lane, what they want
 * at that moment, so that work nobody waits for any more is never sent, and what the user looks at comes first.
 */
export class SentenceScheduler {
  readonly #engine: Pick<AnalysisEngine, 'analyze'>;
  readonly #logger: Logger;
  readonly #sources = new Set<WorkSource>();
  /** Who waits for one sentence, by its text. */
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #options: SchedulerOptions;
  /** Texts of sentences that were sent, and of those that the engine gave up on. */
  readonly #sent = new Set<string>();
  readonly #failed = new Set<string>();
  readonly #inFlight = { interactive: 0, bulk: 0 };

  constructor(engine: Pick<AnalysisEngine, 'analyze'>, logger: Logger, options: SchedulerOptions) {
    this.#engine = engine;
    this.#logger = logger;
    this.#options = options;
  }

  /** The result of a sentence, if there is one. */
  result(text: string): SentenceAnalysis | undefined {
    return this.#options.results.get(text);
  }

  /** Whether the engine gave up on this sentence. It is asked again after {@link retry}. */
  hasFailed(text: string): boolean {
    return this.#failed.has(text);
  }

  /** Waits for one sentence, which goes before everything else. Undefined if the engine cannot analyse it. */
  async request(text: string): Promise<SentenceAnalysis | undefined> {
    if (!this.result(text) && !this.hasFailed(text)) {
      await new Promise<void>((resolve) => {
        this.#waiting.set(text, [...(this.#waiting.get(text) ?? []), resolve]);
        if (!this.#sent.has(text)) void this.#send([text], 'cursor');
      });
    }
    return this.result(text);
  }

  add(source: WorkSource): void {
    this.#sources.add(source);
  }

  remove(source: WorkSource): void {
    this.#sources.delete(source);
  }

  /** To be called when a source may want something new. */
  wake(): void {
    // A cursor never waits for room.
    this.#sendNext(['cursor'], INTERACTIVE_TOKENS);
    while (
      this.#inFlight.interactive < REQUESTS_IN_FLIGHT &&
      this.#sendNext(interactiveLanes, INTERACTIVE_TOKENS)
    );
    while (this.#inFlight.bulk < REQUESTS_IN_FLIGHT && this.#sendNext(bulkLanes, BULK_TOKENS));
  }

  /** Gives sentences that failed another chance, after the engine was restarted. */
  retry(): void {
    this.#failed.clear();
    this.wake();
  }

  /** @returns whether there was anything to send. */
  #sendNext(from: readonly Lane[], tokens: number): boolean {
    const request = this.#nextRequest(from, tokens);
    if (request) void this.#send(request.texts, request.lane);
    return request !== undefined;
  }

  #nextRequest(from: readonly Lane[], budget: number): { texts: string[]; lane: Lane } | undefined {
    for (const lane of from) {
      const texts = new Set<string>();
      let tokens = 0;
      for (const source of this.#sources) {
        for (const text of source.wanted(lane)) {
          if (this.#sent.has(text) || this.#failed.has(text) || texts.has(text)) continue;
          texts.add(text);
          tokens += estimateTokens(text);
          if (tokens >= budget || texts.size >= SENTENCES_A_REQUEST) return { texts: [...texts], lane };
        }
      }
      if (texts.size > 0) return { texts: [...texts], lane };
    }
    return undefined;
  }

  async #send(texts: readonly string[], lane: Lane): Promise<void> {
    const { aggregation, results } = this.#options;
    const priority = interactiveLanes.includes(lane) ? 'interactive' : 'bulk';
    this.#inFlight[priority]++;
    for (const text of texts) this.#sent.add(text);
    try {
      const analyses = await this.#engine.analyze(texts, { aggregation, priority });
      texts.forEach((text, index) => {
        const analysis = analyses[index];
        if (analysis) results.set(text, analysis);
      });
    } catch (error) {
      this.#logger.error(`${texts.length} sentences could not be analysed. ${String(error)}`);
      for (const text of texts) this.#failed.add(text);
    }
    this.#inFlight[priority]--;
    for (const text of texts) this.#sent.delete(text);
    const settled = new Set(texts);
    for (const source of this.#sources) source.settled(settled, lane);
    this.#release(texts);
    this.wake();
  }

  #release(texts: readonly string[]): void {
    for (const text of texts) {
      for (const resolve of this.#waiting.get(text) ?? []) resolve();
      this.#waiting.delete(text);
    }
  }
}
