import * as vscode from 'vscode';
import { type SettingKey, type Settings, settingsSchema } from '../../server/src/settings/schema';
import { settingTarget } from './settingTarget';

export const section = 'subtext';

const targets = {
  folder: vscode.ConfigurationTarget.WorkspaceFolder,
  workspace: vscode.ConfigurationTarget.Workspace,
  user: vscode.ConfigurationTarget.Global,
} as const;

/** A setting's value for a document or folder; its default where the stored value is of another kind. */
export function readSetting<K extends SettingKey>(key: K, scope?: vscode.Uri): Settings[K] {
  const fallback: unknown = settingsSchema[key].default;
  const value: unknown = vscode.workspace.getConfiguration(section, scope).get(key);
  const sameKind = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
  return (sameKind ? value : fallback) as Settings[K];
}

/** Gives a setting a value that takes effect for a document or folder. */
export async function writeSetting<K extends SettingKey>(
  key: K,
  value: Settings[K],
  scope?: vscode.Uri,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section, scope);
  await configuration.update(key, value, targets[settingTarget(configuration.inspect(key))]);
}
