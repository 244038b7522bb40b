import { GenerationCache } from '../core/cache/generationCache';
import { combineEngines } from '../core/combinedEngine';
import { type ModelDescription, type ModelTask, modelTasks } from '../core/model';
import type { InteractiveEngine, Logger } from '../core/ports';
import type { SentenceAnalysis } from '../core/tasks/results';
import type { EnginePool, ModelUse } from '../inference/enginePool';
import { type InstalledModel, modelKey } from '../models/installedModels';
import type { TaskModels } from '../models/taskModels';
import type { Settings } from '../settings/schema';
import { SentenceScheduler } from './sentenceScheduler';

/** Some 20 MB of short sentences; more than any document below the size limit holds. */
const SENTENCES_A_GENERATION = 50_000;

/** Analyses sentences with certain models; shared by all documents whose settings ask for the same. */
export interface Analyzer {
  readonly scheduler: SentenceScheduler;
  /** What its results are from; undefined where nobody looks for such. */
  readonly entities: ModelDescription | undefined;
  readonly sentiment: ModelDescription | undefined;
}

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
    const analyses: readonly TaskUse[] = [
      ...(isShared || settings['entities.enabled'] ? [{ task: 'entities' as const, model: entities }] : []),
      ...(isShared || settings['sentiment.enabled']
        ? [{ task: 'sentiment' as const, model: sentiment }]
        : []),
    ];
    const uses: readonly TaskUse[] = [...analyses, { task: 'fillMask', model: fillMask }];
    return {
      analyzer: this.#analyzer(analyses, settings['entities.aggregation']),
      fillMask: { engine: this.#pool.engineFor(fillMask), model: fillMask.description },
      engines: toUses(uses).map(({ model, tasks }) => ({
        engine: this.#pool.engineFor(model),
        model: model.description,
        tasks,
      })),
      uses,
    };
  }

  /** Loads what the analysis of documents with these settings needs, before there is one. */
  warm(settings: Settings): void {
    if (!settings.enabled || settings.run === 'manual') return;
    for (const { task, model } of this.for(settings).uses) if (task !== 'fillMask') this.#pool.warm(model);
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

  #analyzer(uses: readonly TaskUse[], aggregation: Settings['entities.aggregation']): Analyzer {
    const key = JSON.stringify([
      aggregation,
      ...uses.map(({ task, model }) => [task, modelKey(model.description)]),
    ]);
    let analyzer = this.#analyzers.get(key);
    if (!analyzer) {
      const of = (task: ModelTask) => uses.find((use) => use.task === task)?.model;
      const [entities, sentiment] = [of('entities'), of('sentiment')];
      analyzer = {
        scheduler: new SentenceScheduler(this.#combine(entities, sentiment), this.#logger, {
          aggregation,
          results: new GenerationCache<string, SentenceAnalysis>(SENTENCES_A_GENERATION),
        }),
        entities: entities?.description,
        sentiment: sentiment?.description,
      };
      this.#analyzers.set(key, analyzer);
    }
    return analyzer;
  }

  #combine(entities: InstalledModel | undefined, sentiment: InstalledModel | undefined) {
    const find = entities && this.#pool.engineFor(entities);
    const isShared =
      entities && sentiment && modelKey(entities.description) === modelKey(sentiment.description);
    const judge = isShared ? find : sentiment && this.#pool.engineFor(sentiment);
    return combineEngines({ entities: find, sentiment: judge });
  }
}

function toUses(uses: readonly TaskUse[]): readonly ModelUse[] {
  const models = new Map(uses.map(({ model }) => [modelKey(model.description), model]));
  return [...models].map(([key, model]) => ({
    model,
    tasks: modelTasks.filter((task) =>
      uses.some((use) => use.task === task && modelKey(use.model.description) === key),
    ),
  }));
}
