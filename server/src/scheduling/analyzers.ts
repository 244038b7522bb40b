import { GenerationCache } from '../core/cache/generationCache';
import { combineEngines } from '../core/combinedEngine';
import { toLanguageCode } from '../core/language/languageCodes';
import { recognizeLanguage } from '../core/language/recognizeLanguage';
import { routeByLanguage } from '../core/language/routeByLanguage';
import { loadGuessByWords } from '../core/language/wordGuess';
import { type ModelDescription, type ModelTask, modelTasks } from '../core/model';
import type { AnalysisEngine, InteractiveEngine, Logger } from '../core/ports';
import type { SentenceAnalysis } from '../core/tasks/results';
import type { EnginePool, ModelUse } from '../inference/enginePool';
import { type InstalledModel, modelKey } from '../models/installedModels';
import type { TaskModels } from '../models/taskModels';
import type { Settings } from '../settings/schema';
import { type AnalysisModels, LanguageModels } from './languageModels';
import { SentenceScheduler } from './sentenceScheduler';

/** Some 20 MB of short sentences; more than any document below the size limit holds. */
const SENTENCES_A_GENERATION = 50_000;

/** Analyses sentences with certain models; shared by all documents whose settings ask for the same. */
export interface Analyzer {
  readonly scheduler: SentenceScheduler;
  /** What its results are from. */
  readonly models: LanguageModels;
}

/** The model whose labels the sentiment of a sentence has. */
export const sentimentModelOf = (
  { models }: Analyzer,
  { language }: Pick<SentenceAnalysis, 'language'>,
): ModelDescription | undefined => models.for(language).sentiment?.description;

interface TaskUse {
  readonly task: ModelTask;
  readonly model: InstalledModel;
}

/** A model that works for a document. */
export interface ModelEngine {
  readonly engine: InteractiveEngine;
  readonly model: ModelDescription;
  readonly tasks: readonly ModelTask[];
}

/** What works for one document. */
export interface DocumentEngines {
  readonly analyzer: Analyzer;
  readonly fillMask: { readonly engine: InteractiveEngine; readonly model: ModelDescription };
  /** One of each model in use. */
  readonly engines: readonly ModelEngine[];
  readonly uses: readonly TaskUse[];
  /** Those without which no document can do. */
  readonly main: readonly TaskUse[];
}

/** Finds the engines that the settings of a document ask for. */
export class Analyzers {
  readonly #models: TaskModels;
  readonly #pool: EnginePool;
  readonly #logger: Logger;
  /** By models and options that change results. */
  readonly #analyzers = new Map<string, Analyzer>();

  constructor(models: TaskModels, pool: EnginePool, logger: Logger) {
    this.#models = models;
    this.#pool = pool;
    this.#logger = logger;
  }

  for(settings: Settings): DocumentEngines {
    const [entities, sentiment, fillMask] = [
      this.#models.find('entities', settings['models.entities']),
      this.#models.find('sentiment', settings['models.sentiment']),
      this.#models.find('fillMask', settings['models.fillMask']),
    ];
    // A model that works anyway answers for both, so that switching one of them on shows it at once.
    const isShared = modelKey(entities.description) === modelKey(sentiment.description);
    const main: AnalysisModels = {
      ...((isShared || settings['entities.enabled']) && { entities }),
      ...((isShared || settings['sentiment.enabled']) && { sentiment }),
    };
    const byLanguage = this.#modelsByLanguage(settings);
    const models = new LanguageModels(main, {
      byLanguage,
      skipsUnknown: settings['models.skipUnknownLanguages'],
    });
    const uses: readonly TaskUse[] = [...toTaskUses(main), { task: 'fillMask', model: fillMask }];
    const ofLanguages = [...byLanguage.keys()].flatMap((language) => toTaskUses(models.for(language)));
    return {
      analyzer: this.#analyzer(models, settings['entities.aggregation']),
      fillMask: { engine: this.#pool.engineFor(fillMask), model: fillMask.description },
      engines: toUses(uses).map(({ model, tasks }) => ({
        engine: this.#pool.engineFor(model),
        model: model.description,
        tasks,
      })),
      uses: [...uses, ...ofLanguages],
      main: uses,
    };
  }

  /** Loads what the analysis of documents with these settings needs, before there is one. */
  warm(settings: Settings): void {
    if (!settings.enabled || settings.run === 'manual') return;
    for (const { task, model } of this.for(settings).main) if (task !== 'fillMask') this.#pool.warm(model);
  }

  /** Says which engines work from now on; what only others needed is given up. */
  keep(used: readonly DocumentEngines[]): void {
    const analyzers = new Set(used.map(({ analyzer }) => analyzer));
    for (const [key, analyzer] of [...this.#analyzers])
      if (!analyzers.has(analyzer)) this.#analyzers.delete(key);
    this.#pool.setUses(toUses(used.flatMap(({ uses }) => uses)));
  }

  /** Sentences that failed get another chance. */
  retry(): void {
    for (const { scheduler } of this.#analyzers.values()) scheduler.retry();
  }

  #modelsByLanguage(settings: Settings): ReadonlyMap<string, InstalledModel> {
    const tasks = (['entities', 'sentiment'] as const).filter((task) => settings[`${task}.enabled`]);
    const found = Object.entries(settings['models.byLanguage']).flatMap(([language, ref]) => {
      const model = this.#models.findForAny(tasks, ref);
      return model ? [[toLanguageCode(language), model] as const] : [];
    });
    return new Map(found);
  }

  #analyzer(models: LanguageModels, aggregation: Settings['entities.aggregation']): Analyzer {
    const key = JSON.stringify([aggregation, models.key]);
    let analyzer = this.#analyzers.get(key);
    if (!analyzer) {
      analyzer = {
        scheduler: new SentenceScheduler(this.#route(models), this.#logger, {
          aggregation,
          results: new GenerationCache<string, SentenceAnalysis>(SENTENCES_A_GENERATION),
        }),
        models,
      };
      this.#analyzers.set(key, analyzer);
    }
    return analyzer;
  }

  #route(models: LanguageModels): Pick<AnalysisEngine, 'analyze'> {
    const main = this.#combine(models.main);
    if (models.isUniform) return main;
    return routeByLanguage({
      main,
      engineFor: (language) =>
        models.differsFor(language) ? this.#combine(models.for(language)) : undefined,
      languageOf: async (sentence) => recognizeLanguage(sentence, await loadGuessByWords()),
    });
  }

  #combine({ entities, sentiment }: AnalysisModels): Pick<AnalysisEngine, 'analyze'> {
    const find = entities && this.#pool.engineFor(entities);
    const isShared =
      entities && sentiment && modelKey(entities.description) === modelKey(sentiment.description);
    const judge = isShared ? find : sentiment && this.#pool.engineFor(sentiment);
    return combineEngines({ entities: find, sentiment: judge });
  }
}

const toTaskUses = ({ entities, sentiment }: AnalysisModels): readonly TaskUse[] => [
  ...(entities ? [{ task: 'entities' as const, model: entities }] : []),
  ...(sentiment ? [{ task: 'sentiment' as const, model: sentiment }] : []),
];

function toUses(uses: readonly TaskUse[]): readonly ModelUse[] {
  const models = new Map(uses.map(({ model }) => [modelKey(model.description), model]));
  return [...models].map(([key, model]) => ({
    model,
    tasks: modelTasks.filter((task) =>
      uses.some((use) => use.task === task && modelKey(use.model.description) === key),
    ),
  }));
}
