import { t } from '@vscode/l10n';
import { bundledModelId, type ModelTask } from '../core/model';
import { EngineError } from '../core/ports';
import type { InstalledModel, ModelSource } from './installedModels';

/** Why a model that a setting names is not the one that works. */
export interface MissingModel {
  readonly ref: string;
  readonly task: ModelTask;
  /** Absent where it is just not installed. */
  readonly message?: string;
}

/** The model of each task: the one that is asked for or, where that cannot be, the bundled one. */
export class TaskModels {
  readonly #source: ModelSource;
  readonly #onMissing: (missing: MissingModel) => void;
  /** What was told, once each. */
  readonly #told = new Set<string>();

  constructor(source: ModelSource, onMissing: (missing: MissingModel) => void) {
    this.#source = source;
    this.#onMissing = onMissing;
  }

  /**
   * @param ref as in the settings.
   * @throws EngineError where even the bundled model is not there.
   */
  find(task: ModelTask, ref: string): InstalledModel {
    const model = this.#findFor(task, ref);
    if (model) return model;
    const bundled = this.#source.find(bundledModelId);
    if (!bundled) throw new EngineError('The bundled model is missing. Reinstall Subtext to restore it.');
    return bundled;
  }

  /**
   * A model that does at least one of some tasks.
   *
   * @param ref as in the settings.
   * @returns undefined where it is not there; that is told.
   */
  findForAny(tasks: readonly ModelTask[], ref: string): InstalledModel | undefined {
    const [first, ...others] = tasks;
    if (first === undefined) return undefined;
    const task = others.find((other) => this.#can(other, ref)) ?? first;
    return this.#findFor(task, ref);
  }

  /** To be called when models were installed or removed: what is missing then is told again. */
  refresh(): void {
    this.#told.clear();
  }

  #findFor(task: ModelTask, ref: string): InstalledModel | undefined {
    try {
      const model = this.#source.find(ref);
      if (model?.description.tasks.includes(task)) return model;
      this.#tell(model ? { task, ref, message: notFor(task, ref) } : { task, ref });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.#tell({ task, ref, message: error.message });
    }
    return undefined;
  }

  #can(task: ModelTask, ref: string): boolean {
    try {
      return this.#source.find(ref)?.description.tasks.includes(task) ?? false;
    } catch {
      // Told by whoever asks for the model itself.
      return false;
    }
  }

  #tell(missing: MissingModel): void {
    const key = JSON.stringify(missing);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#onMissing(missing);
  }
}

function notFor(task: ModelTask, ref: string): string {
  switch (task) {
    case 'entities':
      return t('The model {0} does not find entities.', ref);
    case 'sentiment':
      return t('The model {0} does not judge sentiment.', ref);
    case 'fillMask':
      return t('The model {0} cannot fill masks.', ref);
  }
}
