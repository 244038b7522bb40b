import * as vscode from 'vscode';
import { readSetting, writeSetting } from '../settings';

/** Turns a setting over for the active document. */
export async function toggleSetting(key: 'entities.enabled' | 'sentiment.enabled'): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  await writeSetting(key, !readSetting(key, scope), scope);
}
