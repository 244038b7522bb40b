import type { SentenceLanguages } from '../core/language/sentenceLanguages';
import type { Clock } from '../core/ports';
import { createExtractor } from '../core/text/extractors';
import type { PlacedBlock, ProseExtractor, TextEdit } from '../core/text/prose';
import type { Settings } from '../settings/schema';
import { diffLayouts } from './layout';
import { type Pause, runInSlices } from './timeSlices';

/** The settings that say what of a document is prose. */
const readingSettings = ['prose.strings', 'prose.columns', 'prose.fields'] as const;
type ReadingSettings = Pick<Settings, (typeof readingSettings)[number]>;

interface ReaderDependencies {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly languages: SentenceLanguages;
}

/** Reads the prose of one document in slices of time. What was overtaken meanwhile has no result. */
export class ProseReader {
  readonly #languageId: string;
  readonly #dependencies: ReaderDependencies;
  #settings: ReadingSettings;
  #extractor: ProseExtractor;
  /** Whether the extractor knows the text before the latest edits. */
  #isFollowing = false;
  /** What was read last of the whole text. */
  #layout: readonly PlacedBlock[] = [];

  constructor(languageId: string, settings: ReadingSettings, dependencies: ReaderDependencies) {
    this.#languageId = languageId;
    this.#settings = settings;
    this.#dependencies = dependencies;
    this.#extractor = this.#createExtractor();
  }

  changeSettings(settings: ReadingSettings): void {
    const isSame = readingSettings.every(
      (key) => JSON.stringify(this.#settings[key]) === JSON.stringify(settings[key]),
    );
    this.#settings = settings;
    if (isSame) return;
    this.#extractor = this.#createExtractor();
    this.#isFollowing = false;
  }

  /** Reads what edits left of the text that was read before; all of it where they are not known. */
  async read(
    text: string,
    edits: readonly TextEdit[] | undefined,
    isOvertaken: () => boolean,
  ): Promise<readonly PlacedBlock[] | undefined> {
    const work = this.#extractor.update(text, this.#isFollowing ? edits : undefined);
    this.#isFollowing = true;
    const layout = await this.#run(work, this.#layout, isOvertaken);
    if (layout) this.#layout = layout;
    return layout;
  }

  /** Reads a text by itself, say a part of the document, and does not follow it. */
  readAside(text: string, isOvertaken: () => boolean): Promise<readonly PlacedBlock[] | undefined> {
    return this.#run(this.#createExtractor().update(text), [], isOvertaken);
  }

  /** The next text is read anew. */
  forget(): void {
    this.#isFollowing = false;
  }

  #run(work: Reading, before: readonly PlacedBlock[], isOvertaken: () => boolean) {
    const { clock, pause, languages } = this.#dependencies;
    return runInSlices(recognizeNew(work, before, languages), clock, pause, isOvertaken);
  }

  #createExtractor(): ProseExtractor {
    const { 'prose.strings': strings, 'prose.columns': columns, 'prose.fields': fields } = this.#settings;
    return createExtractor(this.#languageId, { strings, fields, ...(columns.length > 0 && { columns }) });
  }
}

type Reading = ReturnType<ProseExtractor['update']>;

/** Recognises the languages of what is new, since whoever asks for them later cannot pause. */
function* recognizeNew(
  work: Reading,
  before: readonly PlacedBlock[],
  languages: SentenceLanguages,
): Generator<void, readonly PlacedBlock[]> {
  const layout = yield* work;
  for (const { block } of diffLayouts(before, layout, 0).added) {
    for (const sentence of block.sentences) languages.of(sentence, block);
    yield;
  }
  return layout;
}
