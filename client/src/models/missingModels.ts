import * as vscode from 'vscode';
import type { ModelMissingParams } from '../../../server/src/protocol/models';
import type { ModelDownloads } from '../downloads/modelDownloads';
import { showInformation, showWarning } from '../notifications';
import type { ModelChooser } from './chooseModel';

/** Tells of models that settings name but that are not here, as with settings of another machine. */
export class MissingModels {
  readonly #downloads: ModelDownloads;
  readonly #chooser: ModelChooser;
  readonly #told = new Set<string>();

  constructor(downloads: ModelDownloads, chooser: ModelChooser) {
    this.#downloads = downloads;
    this.#chooser = chooser;
  }

  /** Tells of a reference once, whatever number of tasks and documents it is missing for. */
  async tell({ ref, task, message }: ModelMissingParams): Promise<void> {
    if (this.#told.has(ref)) return;
    this.#told.add(ref);
    const download = vscode.l10n.t('Download');
    const choose = vscode.l10n.t('Choose Model');
    const chosen =
      message === undefined
        ? await showInformation(
            vscode.l10n.t('“{0}” is not installed; the bundled model is used.', ref),
            download,
            choose,
          )
        : await showWarning(vscode.l10n.t('{0} The bundled model is used.', message), choose);
    if (chosen === download) await this.#downloads.download(ref);
    if (chosen === choose) await this.#chooser.choose(task);
  }
}
