import { join } from 'node:path';
import { bundledModelId, type ModelDescription, modelTasks } from '../core/model';
import { folderBytes } from './folderBytes';
import { describeModel } from './modelFolder';
import type { ModelLocation } from './modelLocation';
import { type ModelRef, parseModelRef } from './modelRef';

/** A model that lies on disk, and what it can do. */
export interface InstalledModel {
  readonly location: ModelLocation;
  readonly description: ModelDescription;
  /** Size of its files, which is about what it takes of memory. */
  readonly bytes: number;
}

/** Finds what settings name. */
export interface ModelSource {
  /**
   * @param ref as a setting has it; see `parseModelRef`.
   * @returns undefined where it is not installed.
   * @throws EngineError where it makes no sense or what is installed cannot be used.
   */
  find(ref: string): InstalledModel | undefined;
  /** Models were installed, removed or changed. */
  forget(): void;
}

/** Tells models apart; the same for the same weights. */
export const modelKey = ({ id, revision }: Pick<ModelDescription, 'id' | 'revision'>): string =>
  JSON.stringify([id, revision]);

/**
 * The models on disk. What was read is kept until `forget`.
 */
export class InstalledModels implements ModelSource {
  readonly #modelsDir: string;
  readonly #locate: (ref: ModelRef) => ModelLocation | undefined;
  readonly #found = new Map<string, InstalledModel>();

  /**
   * @param modelsDir where the bundled model lies.
   * @param locate as `ModelStore.resolve`.
   */
  constructor(modelsDir: string, locate: (ref: ModelRef) => ModelLocation | undefined) {
    this.#modelsDir = modelsDir;
    this.#locate = locate;
  }

  find(ref: string): InstalledModel | undefined {
    let model = this.#found.get(ref);
    if (!model) {
      model = ref === bundledModelId ? this.#findBundled() : this.#read(parseModelRef(ref));
      if (model) this.#found.set(ref, model);
    }
    return model;
  }

  forget(): void {
    this.#found.clear();
  }

  #read(ref: ModelRef): InstalledModel | undefined {
    const location = this.#locate(ref);
    return location && { location, description: describeModel(location), bytes: folderBytes(location.path) };
  }

  /** If it cannot be read it has no labels; the inference process meets the same failure and explains it. */
  #findBundled(): InstalledModel | undefined {
    try {
      return this.#read({ kind: 'catalog', id: bundledModelId });
    } catch {
      return undescribed(this.#modelsDir);
    }
  }
}

const undescribed = (modelsDir: string): InstalledModel => ({
  location: { id: bundledModelId, revision: '', path: join(modelsDir, bundledModelId) },
  description: {
    id: bundledModelId,
    revision: '',
    tasks: modelTasks,
    maxTokens: 0,
    hiddenSize: 0,
    vocabularySize: 0,
    padTokenId: 0,
    maskToken: '[MASK]',
    tokenLabels: [],
    sentimentLabels: [],
  },
  bytes: 0,
});
