import { setTimeout as sleep } from 'node:timers/promises';
import type { EntitiesParams } from '../../server/src/protocol/protocol';
import type { Bench, Figure } from './support/bench';
import { BenchServer } from './support/benchServer';
import { makeMarkdownDocument, type TypingPlace } from './support/markdownDocument';
import { createRandom, type Random } from './support/random';
import { median, percentile } from './support/statistics';

const sizes = [1_000, 10_000, 100_000] as const;
const KEYSTROKES = 150;
const QUICK_KEYSTROKES = 20;
/** Typed first and not counted: code is compiled and caches are filled on the way. */
const WARM_UP_KEYSTROKES = 20;
/** Between two keystrokes; a fast typist needs about 80 ms. */
const PAUSE_MILLISECONDS = 40;
const SEED = 7;

/** From sending a change until the entities of the touched sentence, and then `complete`, are received. */
export const keystroke: Bench = {
  name: 'keystroke',
  title: 'keystroke → published result of the touched sentence',
  async run({ quick, serverArgs, progress }) {
    const editors: TypingSession[] = [];
    for (const words of sizes) {
      progress(`analysing ${words} words`);
      editors.push(await TypingSession.start(words, serverArgs));
    }
    progress('typing');
    const count = quick ? QUICK_KEYSTROKES : KEYSTROKES;
    // The sizes take turns, so that a change of the machine's speed hits all alike.
    for (let i = -WARM_UP_KEYSTROKES; i < count; i++) {
      for (const editor of editors) await editor.type(i >= 0);
    }
    const figures = editors.flatMap((editor) => editor.figures());
    for (const editor of editors) await editor.stop();
    const [small, large] = [editors.at(0), editors.at(-1)];
    return [
      ...figures,
      {
        name: 'p95, 100k / 1k words',
        value: percentile(large?.entities ?? [], 0.95) / percentile(small?.entities ?? [], 0.95),
        unit: '×',
        aim: { atMost: 1.3 },
      },
      {
        name: 'median, 100k / 1k words',
        value: median(large?.entities ?? []) / median(small?.entities ?? []),
        unit: '×',
      },
    ];
  },
};

/** A server of its own with one document, fully analysed, into which is typed. */
class TypingSession {
  /** Milliseconds until the entities came. */
  readonly entities: number[] = [];
  /** Milliseconds until the document was said to be complete. */
  readonly #complete: number[] = [];
  readonly #server: BenchServer;
  readonly #words: number;
  readonly #uri: string;
  readonly #random: Random;
  readonly #places: readonly TypingPlace[];
  /** Where was typed already, in order. Carrying all places along would load this process while it measures. */
  readonly #typed: TypingPlace[] = [];
  #version = 1;

  private constructor(server: BenchServer, uri: string, words: number, places: readonly TypingPlace[]) {
    this.#server = server;
    this.#uri = uri;
    this.#words = words;
    this.#places = places;
    this.#random = createRandom(SEED);
  }

  static async start(words: number, execArgv: readonly string[]): Promise<TypingSession> {
    const document = makeMarkdownDocument({ words });
    const uri = `file:///bench/${words}.md`;
    // Measured is the answer, not the wait until a word is left.
    const settings = { 'typing.waitForWord': false };
    const server = await BenchServer.start({ execArgv, settings });
    await server.analyze(uri, document.text);
    await server.view({ uri, version: 1, active: true, visible: [{ start: 0, end: 2_000 }], cursor: 0 });
    return new TypingSession(server, uri, words, document.places);
  }

  async type(isCounted: boolean): Promise<void> {
    const place = this.#typed.reduce(moveBehind, this.#random.pick(this.#places));
    const version = ++this.#version;
    const complete = this.#server.complete(this.#uri, version).then(() => performance.now());
    const entities = this.#entitiesAt(version, place.offset).then(() => performance.now());
    const start = performance.now();
    await this.#server.type(this.#uri, version, place, place.letter);
    const [entitiesAt, completeAt] = await Promise.all([entities, complete]);
    if (isCounted) {
      this.entities.push(entitiesAt - start);
      this.#complete.push(completeAt - start);
    }
    this.#typed.push(place);
    await sleep(PAUSE_MILLISECONDS);
  }

  figures(): readonly Figure[] {
    const name = `${this.#words / 1_000}k words`;
    return [
      { name: `${name}, median`, value: median(this.entities), unit: 'ms' },
      { name: `${name}, p95`, value: percentile(this.entities, 0.95), unit: 'ms', aim: { atMost: 50 } },
      { name: `${name}, slowest`, value: Math.max(...this.entities), unit: 'ms' },
      { name: `${name}, p95 until complete`, value: percentile(this.#complete, 0.95), unit: 'ms' },
    ];
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** Entities of a version for a region around an offset: the sentence there is known only then. */
  #entitiesAt(version: number, offset: number): Promise<EntitiesParams> {
    return this.#server.entities(
      (params) =>
        params.uri === this.#uri &&
        params.version === version &&
        params.regions.some(({ start, end }) => start <= offset && offset < end),
    );
  }
}

/** Where a place is after a character was typed at another one. */
function moveBehind(place: TypingPlace, typed: TypingPlace): TypingPlace {
  if (place.offset <= typed.offset) return place;
  const character = place.character + (place.line === typed.line ? 1 : 0);
  return { ...place, character, offset: place.offset + 1 };
}
