import type * as vscode from 'vscode';
import type { ModelTask } from '../../../server/src/core/model';
import { readSetting, writeSetting } from '../settings';
import type { ModelChoices } from './modelItems';

/** The models that the settings name for a document or folder. */
export const readChoices = (scope: vscode.Uri | undefined): ModelChoices => ({
  entities: readSetting('models.entities', scope).trim(),
  sentiment: readSetting('models.sentiment', scope).trim(),
  fillMask: readSetting('models.fillMask', scope).trim(),
});

export const writeChoice = (task: ModelTask, ref: string, scope: vscode.Uri | undefined): Promise<void> =>
  writeSetting(`models.${task}`, ref, scope);
