import { knowsLanguage } from '../core/language/languageCodes';
import type { RecommendedScores } from '../core/tasks/leastScores';
import type { SentenceAnalysis } from '../core/tasks/results';
import { type InstalledModel, modelKey } from '../models/installedModels';

/** The models that analyse a sentence; none for what nobody looks for, or no model could tell. */
export interface AnalysisModels {
  readonly entities?: InstalledModel | undefined;
  readonly sentiment?: InstalledModel | undefined;
}

export interface LanguageOptions {
  /** Models for the sentences of single languages, by language code. */
  readonly byLanguage: ReadonlyMap<string, InstalledModel>;
  /** Whether a model is not asked for sentences in a language that it does not know. */
  readonly skipsUnknown: boolean;
}

/** Which models analyse the sentences of which language. */
export class LanguageModels {
  readonly main: AnalysisModels;
  readonly #options: LanguageOptions;
  /** By language. A document has thousands of sentences and few languages. */
  readonly #leftOut = new Map<string, SentenceAnalysis | undefined>();

  constructor(main: AnalysisModels, options: LanguageOptions) {
    this.main = main;
    this.#options = options;
  }

  /** Tells those with the same results apart from others. */
  get key(): string {
    const { byLanguage, skipsUnknown } = this.#options;
    return JSON.stringify([
      toKey(this.main),
      skipsUnknown,
      [...byLanguage].map(([language, { description }]) => [language, modelKey(description)]),
    ]);
  }

  /** Whether all sentences that are analysed at all go to the same models. */
  get isUniform(): boolean {
    const { entities, sentiment } = this.main;
    const { byLanguage, skipsUnknown } = this.#options;
    if (byLanguage.size > 0) return false;
    const lists = [entities, sentiment].map((model) => JSON.stringify(model?.description.languages ?? null));
    return !skipsUnknown || !entities || !sentiment || lists[0] === lists[1];
  }

  /** @param language undefined where it is not certain. */
  for(language: string | undefined): AnalysisModels {
    if (language === undefined) return this.main;
    return {
      entities: this.#forTask('entities', language),
      sentiment: this.#forTask('sentiment', language),
    };
  }

  /** Whether the sentences of a language go to other models than the rest. */
  differsFor(language: string): boolean {
    return toKey(this.for(language)) !== toKey(this.main);
  }

  /** What the model that finds the entities of a language recommends. */
  leastScores(language: string | undefined): RecommendedScores | undefined {
    return this.for(language).entities?.description.leastScores;
  }

  /** What stands for the result of a sentence in a language that no model knows; undefined where one does. */
  leftOut(language: string | undefined): SentenceAnalysis | undefined {
    if (language === undefined) return undefined;
    if (!this.#leftOut.has(language)) this.#leftOut.set(language, this.#findLeftOut(language));
    return this.#leftOut.get(language);
  }

  #findLeftOut(language: string): SentenceAnalysis | undefined {
    if (!this.differsFor(language)) return undefined;
    const { entities, sentiment } = this.for(language);
    return entities || sentiment ? undefined : { mentions: [], sentiment: [], language, isLeftOut: true };
  }

  /** What the user names for a language counts as knowing it. */
  #forTask(task: 'entities' | 'sentiment', language: string): InstalledModel | undefined {
    const main = this.main[task];
    const { byLanguage, skipsUnknown } = this.#options;
    const own = byLanguage.get(language);
    if (main && own?.description.tasks.includes(task)) return own;
    return main && skipsUnknown && !knowsLanguage(main.description.languages, language) ? undefined : main;
  }
}

const toKey = ({ entities, sentiment }: AnalysisModels): string =>
  JSON.stringify([entities, sentiment].map((model) => model && modelKey(model.description)));
