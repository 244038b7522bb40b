import { type ModelTask, modelTasks } from '../../../server/src/core/model';
import { type Label, label } from '../../../server/src/core/surfaces/label';
import type { ModelInfo } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';
import { formatBytes, languageNames, licenceText, taskNames } from './modelText';

/** What the settings say each task uses. */
export type ModelChoices = Readonly<Record<ModelTask, string>>;

/** A line of a list of models. */
export interface ModelItem {
  readonly label: Label;
  readonly description: Label;
  readonly detail: Label;
  readonly model: ModelInfo;
}

/** The models to choose from for a task. */
export interface ModelSections {
  readonly installed: readonly ModelInfo[];
  readonly catalogue: readonly ModelInfo[];
}

/** @returns the models that can do a task; the bundled one first, the others as they come. */
export function modelSections(models: readonly ModelInfo[], task: ModelTask): ModelSections {
  const able = models.filter(({ tasks }) => tasks.includes(task));
  return {
    installed: bundledFirst(able.filter(({ installed }) => installed)),
    catalogue: able.filter(({ installed }) => !installed),
  };
}

export const bundledFirst = (models: readonly ModelInfo[]): readonly ModelInfo[] =>
  models.toSorted((a, b) => Number(b.source === 'bundled') - Number(a.source === 'bundled'));

/** The tasks that use a model. */
export const tasksOf = ({ ref }: ModelInfo, choices: ModelChoices): readonly ModelTask[] =>
  modelTasks.filter((task) => choices[task] === ref);

/** A line that helps to choose. @param locale a BCP 47 tag, for sizes and names of languages */
export const toChoiceItem = (
  model: ModelInfo,
  choices: ModelChoices,
  locale: string,
  l10n: Localization,
): ModelItem =>
  toItem(model, choices, locale, l10n, [
    languageNames(model.languages, locale, l10n),
    licenceText(model, l10n),
    model.score,
  ]);

/** A line that helps to tidy up. */
export const toManagedItem = (
  model: ModelInfo,
  choices: ModelChoices,
  locale: string,
  l10n: Localization,
): ModelItem =>
  toItem(model, choices, locale, l10n, [
    model.source === 'bundled' ? l10n.t('comes with Subtext') : model.path,
    model.problem === undefined ? undefined : l10n.t('broken: {0}', model.problem),
  ]);

/** @param details what stands behind the size */
function toItem(
  model: ModelInfo,
  choices: ModelChoices,
  locale: string,
  l10n: Localization,
  details: readonly (string | undefined)[],
): ModelItem {
  const size = model.bytes === undefined ? undefined : formatBytes(model.bytes, locale);
  return {
    label: label.name(model.title),
    description: toDescription(model, choices, l10n),
    detail: joined([size, ...details]),
    model,
  };
}

/** Why a model cannot be used for a task; undefined where it can, or where that is not known yet. */
export function unsuitable(
  { title, tasks, installed }: ModelInfo,
  task: ModelTask,
  l10n: Localization,
): string | undefined {
  if (tasks.includes(task) || (!installed && tasks.length === 0)) return undefined;
  const wanted = taskNames([task], l10n);
  return tasks.length === 0
    ? l10n.t('“{0}” cannot be used for {1}.', title, wanted)
    : l10n.t('“{0}” cannot be used for {1}, only for {2}.', title, wanted, taskNames(tasks, l10n));
}

function toDescription(model: ModelInfo, choices: ModelChoices, l10n: Localization): Label {
  const uses = tasksOf(model, choices);
  const ref = model.source === 'folder' || model.ref === model.title ? undefined : model.ref;
  if (uses.length === 0) return joined([ref]);
  // The icon is ours; others would show none.
  return label.text`$(check) ${joined([taskNames(uses, l10n), ref])}`;
}

const joined = (parts: readonly (string | undefined)[]): Label =>
  label.escape(parts.filter(Boolean).join(' · '));
