import type { ModelTask } from '../core/model';
import type { Clock, InteractiveEngine } from '../core/ports';
import { type InstalledModel, modelKey } from '../models/installedModels';
import type { EngineStateParams } from '../protocol/protocol';
import type { EngineState, SupervisedEngine } from './supervisedEngine';

export interface PoolLimits {
  /** An engine without work for so many milliseconds is unloaded; 0: never. */
  readonly unloadAfter: number;
  /** Of the files of all loaded models. Not a limit for those that have work to do. */
  readonly memoryBytes: number;
}

/** A model and what it is used for. */
export interface ModelUse {
  readonly model: InstalledModel;
  readonly tasks: readonly ModelTask[];
}

export interface EnginePoolOptions {
  /** Makes an engine that is not started yet. */
  readonly createEngine: (model: InstalledModel) => SupervisedEngine;
  readonly clock: Clock;
}

interface Entry {
  readonly model: InstalledModel;
  tasks: readonly ModelTask[];
  /** While it is loaded. */
  engine: SupervisedEngine | undefined;
  state: EngineState;
  requests: number;
  /** Counts uses over all entries, so that the least recently used one can be told. */
  lastUse: number;
  idle: { cancel(): void } | undefined;
}

/**
 * The engines of all models in use, each a process of its own: a model is loaded when it is first needed and
 * unloaded when nobody needed it for a while, which gives its memory back for certain.
 */
export class EnginePool {
  readonly #options: EnginePoolOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(state: EngineStateParams) => void>();
  /** Engines that were unloaded, until they are gone. */
  readonly #leaving = new Map<SupervisedEngine, Promise<void>>();
  #limits: PoolLimits = { unloadAfter: 0, memoryBytes: Number.POSITIVE_INFINITY };
  #threads = 0;
  #uses = 0;

  constructor(options: EnginePoolOptions) {
    this.#options = options;
  }

  /** The engine of a model, whether it is loaded or not: asked, it is loaded. */
  engineFor(model: InstalledModel): InteractiveEngine {
    return {
      analyze: (sentences, options) => this.#ask(model, (engine) => engine.analyze(sentences, options)),
      fillMask: (text, options) => this.#ask(model, (engine) => engine.fillMask(text, options)),
      fillWords: (text, options) => this.#ask(model, (engine) => engine.fillWords(text, options)),
      inspect: (text, options) => this.#ask(model, (engine) => engine.inspect(text, options)),
    };
  }

  /** The models that are used for something. */
  get models(): readonly InstalledModel[] {
    return [...this.#entries.values()].filter(({ tasks }) => tasks.length > 0).map(({ model }) => model);
  }

  /** Loads a model before anybody asks. */
  warm(model: InstalledModel): void {
    this.#load(this.#entryOf(model));
  }

  /** Says which models are used for what from now on. Others are unloaded when they have answered. */
  setUses(uses: readonly ModelUse[]): void {
    const used = new Map(uses.map(({ model, tasks }) => [modelKey(model.description), { model, tasks }]));
    for (const { model } of uses) this.#entryOf(model);
    for (const [key, entry] of [...this.#entries]) {
      const tasks = used.get(key)?.tasks ?? [];
      const isNews = !sameTasks(tasks, entry.tasks);
      entry.tasks = tasks;
      if (isNews) this.#announce(entry);
      if (tasks.length === 0 && entry.requests === 0) this.#remove(key, entry);
    }
  }

  setLimits(limits: PoolLimits): void {
    this.#limits = limits;
    for (const entry of this.#entries.values()) if (entry.requests === 0) this.#startIdling(entry);
    this.#makeRoom(0);
  }

  /** @param threads as in {@link SupervisedEngine.setThreads}. */
  setThreads(threads: number): void {
    this.#threads = threads;
    for (const { engine } of this.#entries.values()) engine?.setThreads(threads);
  }

  /** The listener is told the state of every model in use, then every change. */
  onState(listener: (state: EngineStateParams) => void): { dispose(): void } {
    this.#listeners.add(listener);
    for (const { state, tasks } of this.#entries.values())
      if (tasks.length > 0) listener({ ...state, tasks });
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Starts the processes of all loaded models anew. @returns when each is ready or has failed. */
  async restart(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ engine }) => engine?.restart()));
  }

  /** Ends all processes. @returns when they are gone. */
  async dispose(): Promise<void> {
    this.#listeners.clear();
    for (const [key, entry] of [...this.#entries]) this.#remove(key, entry);
    await Promise.all(this.#leaving.values());
  }

  /** Kills all processes without waiting, for the last moment before this one exits. */
  killNow(): void {
    for (const { engine } of this.#entries.values()) engine?.killNow();
    for (const engine of this.#leaving.keys()) engine.killNow();
  }

  #entryOf(model: InstalledModel): Entry {
    const key = modelKey(model.description);
    let entry = this.#entries.get(key);
    if (!entry) {
      const state = { status: 'idle', model: model.description.id } as const;
      entry = { model, tasks: [], engine: undefined, state, requests: 0, lastUse: 0, idle: undefined };
      this.#entries.set(key, entry);
    }
    return entry;
  }

  async #ask<T>(model: InstalledModel, request: (engine: SupervisedEngine) => Promise<T>): Promise<T> {
    const entry = this.#entryOf(model);
    entry.idle?.cancel();
    entry.lastUse = ++this.#uses;
    entry.requests++;
    try {
      return await request(this.#load(entry));
    } finally {
      entry.requests--;
      if (entry.requests === 0) this.#rest(entry);
    }
  }

  #load(entry: Entry): SupervisedEngine {
    if (entry.engine) return entry.engine;
    this.#makeRoom(entry.model.bytes);
    const engine = this.#options.createEngine(entry.model);
    entry.engine = engine;
    engine.setThreads(this.#threads);
    engine.onState((state) => {
      if (entry.engine !== engine) return;
      entry.state = state;
      this.#tell(entry);
    });
    engine.start();
    return engine;
  }

  /** All its requests are answered. */
  #rest(entry: Entry): void {
    const key = modelKey(entry.model.description);
    if (entry.tasks.length === 0 && this.#entries.get(key) === entry) this.#remove(key, entry);
    else this.#startIdling(entry);
  }

  #startIdling(entry: Entry): void {
    entry.idle?.cancel();
    const { unloadAfter } = this.#limits;
    if (!entry.engine || unloadAfter === 0) return;
    entry.idle = this.#options.clock.setTimeout(() => this.#unload(entry), unloadAfter);
  }

  /** Unloads idle models, the least recently used first, until there is room for so many bytes more. */
  #makeRoom(bytes: number): void {
    const loaded = [...this.#entries.values()].filter(({ engine }) => engine);
    let total = loaded.reduce((sum, { model }) => sum + model.bytes, bytes);
    const idle = loaded.filter(({ requests }) => requests === 0).sort((a, b) => a.lastUse - b.lastUse);
    for (const entry of idle) {
      if (total <= this.#limits.memoryBytes) return;
      total -= entry.model.bytes;
      this.#unload(entry);
    }
  }

  #unload(entry: Entry): void {
    const { engine } = entry;
    entry.idle?.cancel();
    if (!engine) return;
    entry.engine = undefined;
    entry.state = { status: 'idle', model: entry.model.description.id };
    this.#tell(entry);
    this.#leaving.set(
      engine,
      engine.dispose().finally(() => this.#leaving.delete(engine)),
    );
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#unload(entry);
  }

  /** Of a model that is not in use, or not yet, nobody wants to know. */
  #tell(entry: Entry): void {
    if (entry.tasks.length > 0) this.#announce(entry);
  }

  #announce({ state, tasks }: Entry): void {
    for (const listener of [...this.#listeners]) listener({ ...state, tasks });
  }
}

const sameTasks = (a: readonly ModelTask[], b: readonly ModelTask[]): boolean =>
  a.length === b.length && a.every((task) => b.includes(task));
