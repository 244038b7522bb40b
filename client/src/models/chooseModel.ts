import * as vscode from 'vscode';
import { type ModelTask, modelTasks } from '../../../server/src/core/model';
import { label } from '../../../server/src/core/surfaces/label';
import { FindModelRequest, type ModelInfo, ModelsRequest } from '../../../server/src/protocol/models';
import type { ModelDownloads } from '../downloads/modelDownloads';
import { type ListItem, type Picked, pickFromList } from '../listPicker';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { askForReference } from './askForReference';
import { readChoices, writeChoice } from './modelChoices';
import { type ModelChoices, modelSections, toChoiceItem, unsuitable } from './modelItems';
import { taskName } from './modelText';

interface TaskItem extends ListItem {
  readonly task: ModelTask;
}

/** A model, a way to name one that is not in the list, or a separator. */
interface ChoiceItem extends ListItem {
  readonly model?: ModelInfo;
  readonly other?: 'reference' | 'folder';
}

/** Lets the user choose the model of a task: one that is here, or another, which is downloaded first. */
export class ModelChooser {
  readonly #session: ServerSession;
  readonly #downloads: ModelDownloads;

  constructor(session: ServerSession, downloads: ModelDownloads) {
    this.#session = session;
    this.#downloads = downloads;
  }

  /** @param known the task, where it is clear already */
  async choose(known?: ModelTask): Promise<void> {
    const scope = vscode.window.activeTextEditor?.document.uri;
    try {
      for (;;) {
        const choices = readChoices(scope);
        const task = known ?? (await pickTask(choices));
        if (!task) return;
        const picked = await this.#pickModel(task, choices, known === undefined);
        if (picked === 'back') continue;
        const model = picked && (await this.#obtain(picked.item, task));
        if (model) await use(model, task, scope);
        return;
      }
    } catch (error) {
      showRequestError(error);
    }
  }

  #pickModel(
    task: ModelTask,
    choices: ModelChoices,
    canGoBack: boolean,
  ): Promise<Picked<ChoiceItem> | 'back' | undefined> {
    return pickFromList<ChoiceItem>({
      title: label.escape(vscode.l10n.t('Choose Model: {0}', taskName(task, vscode.l10n))),
      placeholder: vscode.l10n.t('Models that are not installed are downloaded after you agree'),
      items: this.#models().then((models) => toChoices(models, task, choices)),
      isActive: ({ model }) => model?.ref === choices[task],
      canGoBack,
    });
  }

  async #models(): Promise<readonly ModelInfo[]> {
    await this.#session.start();
    return this.#session.ask(ModelsRequest.type);
  }

  /** @returns the model, installed by now; undefined where the user thought better of it. */
  async #obtain({ model, other }: ChoiceItem, task: ModelTask): Promise<ModelInfo | undefined> {
    if (model) return model.installed ? model : this.#downloads.download(model.ref);
    return other === 'folder' ? this.#openFolder() : this.#readReference(task);
  }

  async #readReference(task: ModelTask): Promise<ModelInfo | undefined> {
    const found = await askForReference(async (ref, token) => {
      const model = await this.#session.request(FindModelRequest.type, { ref }, token);
      const plan = model.installed ? undefined : await this.#downloads.plan(model.ref, token);
      const problem = unsuitable(plan?.model ?? model, task, vscode.l10n);
      if (problem !== undefined) throw new Error(problem);
      return { model, plan };
    });
    return found?.plan ? this.#downloads.carryOut(found.plan) : found?.model;
  }

  async #openFolder(): Promise<ModelInfo | undefined> {
    const [folder] =
      (await vscode.window.showOpenDialog({
        title: vscode.l10n.t('Open a folder with a model'),
        openLabel: vscode.l10n.t('Use Model'),
        canSelectFiles: false,
        canSelectFolders: true,
      })) ?? [];
    return folder && this.#session.request(FindModelRequest.type, { ref: folder.fsPath });
  }
}

async function pickTask(choices: ModelChoices): Promise<ModelTask | undefined> {
  const items = modelTasks.map(
    (task): TaskItem => ({
      label: label.escape(taskName(task, vscode.l10n)),
      description: label.escape(choices[task]),
      task,
    }),
  );
  const picked = await pickFromList({
    title: label.escape(vscode.l10n.t('Choose Model')),
    placeholder: vscode.l10n.t('What the model is for'),
    items: Promise.resolve(items),
  });
  return picked === 'back' ? undefined : picked?.item.task;
}

function toChoices(
  models: readonly ModelInfo[],
  task: ModelTask,
  choices: ModelChoices,
): readonly ChoiceItem[] {
  const { installed, catalogue } = modelSections(models, task);
  const section = (name: string, items: readonly ChoiceItem[]): readonly ChoiceItem[] =>
    items.length > 0
      ? [{ label: label.escape(name), kind: vscode.QuickPickItemKind.Separator }, ...items]
      : [];
  const toItem = (model: ModelInfo) => toChoiceItem(model, choices, vscode.env.language, vscode.l10n);
  return [
    ...section(vscode.l10n.t('Installed'), installed.map(toItem)),
    ...section(vscode.l10n.t('Catalogue'), catalogue.map(toItem)),
    ...section(vscode.l10n.t('Other'), [
      {
        label: label.escape(vscode.l10n.t('Enter a Hugging Face id or folder…')),
        other: 'reference',
        alwaysShow: true,
      },
      { label: label.escape(vscode.l10n.t('Open folder…')), other: 'folder', alwaysShow: true },
    ]),
  ];
}

/** What a model is good for may come to light only once it is here. */
async function use(model: ModelInfo, task: ModelTask, scope: vscode.Uri | undefined): Promise<void> {
  const problem = unsuitable(model, task, vscode.l10n);
  if (problem !== undefined) throw new Error(problem);
  await writeChoice(task, model.ref, scope);
}
