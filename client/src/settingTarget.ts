/** Where a setting has values: the part of VS Code's inspection that counts. */
export interface SettingValues {
  readonly workspaceValue?: unknown;
  readonly workspaceFolderValue?: unknown;
}

/**
 * Where a new value has to go to take effect: the narrowest place that has one already, since that one wins, and
 * else the user's settings.
 */
export function settingTarget(values: SettingValues | undefined): 'folder' | 'workspace' | 'user' {
  if (values?.workspaceFolderValue !== undefined) return 'folder';
  if (values?.workspaceValue !== undefined) return 'workspace';
  return 'user';
}
