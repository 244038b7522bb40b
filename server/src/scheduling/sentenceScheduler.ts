import type { SentenceResults } from '../core/cache/sentenceCache';
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

export interface SchedulerOptions {
  readonly aggregation: Aggregation;
  readonly results: SentenceResults;
}

/** What holds between two changes of the options that change results. */
interface Epoch extends SchedulerOptions {
  readonly inFlight: Set<string>;
  readonly failed: Set<string>;
}

/**
 * Feeds the engine. It keeps no queue: whenever there is room it asks the sources, lane by lane, what they want
 * at that moment, so that work nobody waits for any more is never sent, and what the user looks at comes first.
 */
export class SentenceScheduler {
  readonly #engine: AnalysisEngine;
  readonly #logger: Logger;
  readonly #sources = new Set<WorkSource>();
  /** Who waits for one sentence, by its text. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #epoch: Epoch;
  readonly #inFlight = { interactive: 0, bulk: 0 };

  constructor(engine: AnalysisEngine, logger: Logger, options: SchedulerOptions) {
    this.#engine = engine;
    this.#logger = logger;
    this.#epoch = newEpoch(options);
  }

  get aggregation(): Aggregation {
    return this.#epoch.aggregation;
  }

  /** The result of a sentence, if there is one. */
  result(text: string): SentenceAnalysis | undefined {
    return this.#epoch.results.get(text);
  }

  /** Whether the engine gave up on this sentence. It is asked again after {@link retry}. */
  hasFailed(text: string): boolean {
    return this.#epoch.failed.has(text);
  }

  /** Waits for one sentence, which goes before everything else. Undefined if the engine cannot analyse it. */
  async request(text: string): Promise<SentenceAnalysis | undefined> {
    if (!this.result(text) && !this.hasFailed(text)) {
      await new Promise<void>((resolve) => {
        this.#waiting.set(text, [...(this.#waiting.get(text) ?? []), resolve]);
        if (!this.#epoch.inFlight.has(text)) void this.#send([text], 'cursor');
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

  /** From now on results are those of other options; what is still under way is ignored when it comes. */
  changeOptions(options: SchedulerOptions): void {
    this.#epoch = newEpoch(options);
  }

  /** Gives sentences that failed another chance, after the engine was restarted. */
  retry(): void {
    this.#epoch.failed.clear();
    this.wake();
  }

  /** @returns whether there was anything to send. */
  #sendNext(from: readonly Lane[], tokens: number): boolean {
    const request = this.#nextRequest(from, tokens);
    if (request) void this.#send(request.texts, request.lane);
    return request !== undefined;
  }

  #nextRequest(from: readonly Lane[], budget: number): { texts: string[]; lane: Lane } | undefined {
    const { inFlight, failed } = this.#epoch;
    for (const lane of from) {
      const texts = new Set<string>();
      let tokens = 0;
      for (const source of this.#sources) {
        for (const text of source.wanted(lane)) {
          if (inFlight.has(text) || failed.has(text) || texts.has(text)) continue;
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
    const epoch = this.#epoch;
    const { aggregation, results, inFlight, failed } = epoch;
    const priority = interactiveLanes.includes(lane) ? 'interactive' : 'bulk';
    this.#inFlight[priority]++;
    for (const text of texts) inFlight.add(text);
    try {
      const analyses = await this.#engine.analyze(texts, { aggregation, priority });
      texts.forEach((text, index) => {
        const analysis = analyses[index];
        if (analysis) results.set(text, analysis);
      });
    } catch (error) {
      this.#logger.error(`${texts.length} sentences could not be analysed. ${String(error)}`);
      for (const text of texts) failed.add(text);
    }
    this.#inFlight[priority]--;
    for (const text of texts) inFlight.delete(text);
    if (epoch === this.#epoch) {
      const settled = new Set(texts);
      for (const source of this.#sources) source.settled(settled, lane);
    }
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

const newEpoch = (options: SchedulerOptions): Epoch => ({
  ...options,
  inFlight: new Set(),
  failed: new Set(),
});
