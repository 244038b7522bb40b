import * as vscode from 'vscode';
import type { Consent } from './downloadConsent';

/** @param button what the user agrees to, in a word */
export async function askForConsent({ message, detail }: Consent, button: string): Promise<boolean> {
  return (await vscode.window.showInformationMessage(message, { modal: true, detail }, button)) === button;
}
