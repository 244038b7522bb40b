import * as vscode from 'vscode';
import { type SettingKey, type Settings, settingsSchema } from '../../server/src/settings/schema';

export const section = 'subtext';

/** A setting's value for a document or folder; its default where the stored value is of another kind. */
export function readSetting<K extends SettingKey>(key: K, scope?: vscode.Uri): Settings[K] {
  const fallback: unknown = settingsSchema[key].default;
  const value: unknown = vscode.workspace.getConfiguration(section, scope).get(key);
  const sameKind = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
  return (sameKind ? value : fallback) as Settings[K];
}
