import * as vscode from 'vscode';
import { readSetting, section } from '../settings';
import { toggleTarget } from './toggleTarget';

const targets = {
  folder: vscode.ConfigurationTarget.WorkspaceFolder,
  workspace: vscode.ConfigurationTarget.Workspace,
  user: vscode.ConfigurationTarget.Global,
} as const;

/** Turns a setting over for the active document. */
export async function toggleSetting(key: 'entities.enabled' | 'sentiment.enabled'): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const configuration = vscode.workspace.getConfiguration(section, scope);
  const target = targets[toggleTarget(configuration.inspect(key))];
  await configuration.update(key, !readSetting(key, scope), target);
}
