import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { StateChange, SubtextApi } from '../../../client/src/api';
import type { DocumentStateParams } from '../../../server/src/protocol/protocol';

/** The extension as another extension sees it, and waiting for what it tells. */

export const extensionId = 'subtext.subtext';

const patience = 20_000;

export async function activate(): Promise<SubtextApi> {
  const extension = vscode.extensions.getExtension<SubtextApi>(extensionId);
  if (!extension) throw new Error(`${extensionId} is not installed.`);
  return extension.activate();
}

/**
 * Asks at once and whenever one of the events fires, until there is an answer.
 * @param what completes "Waited in vain for …"; called when that is so.
 */
export function waitFor<T>(
  what: string | (() => string),
  events: readonly vscode.Event<unknown>[],
  ask: () => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const subscriptions: vscode.Disposable[] = [];
    const finish = () => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`Waited in vain for ${typeof what === 'string' ? what : what()}.`));
    }, patience);
    const check = () => {
      let answer: T | undefined;
      try {
        answer = ask();
      } catch (error) {
        finish();
        reject(error);
        return;
      }
      if (answer === undefined) return;
      finish();
      resolve(answer);
    };
    for (const event of events) subscriptions.push(event(check));
    check();
  });
}

const extensions = { markdown: 'md', plaintext: 'txt' } as const;
export type Language = keyof typeof extensions;

/** Opens a text in an editor, as a file of its own: the editor may take a closed document's text for a new one. */
export function open(content: string, language: Language = 'plaintext'): Promise<vscode.TextDocument> {
  return openFile(`${randomUUID()}.${extensions[language]}`, content);
}

/** Writes a file into the workspace. */
export async function writeFile(name: string, content: Uint8Array | string): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  const uri = vscode.Uri.joinPath(folder.uri, name);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  await vscode.workspace.fs.writeFile(uri, bytes);
  return uri;
}

/** Writes a file into the workspace and opens it in an editor. */
export async function openFile(name: string, content: Uint8Array | string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await writeFile(name, content));
  await vscode.window.showTextDocument(document);
  return document;
}

export async function closeEditors(): Promise<void> {
  // Saved or not, what the cases wrote is thrown away.
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/** Resolves when the document as it is now has this status. */
export function reachStatus(
  api: SubtextApi,
  document: vscode.TextDocument,
  status: DocumentStateParams['status'],
): Promise<DocumentStateParams> {
  return waitFor(`${document.uri} to be ${status}`, [api.onDidChangeState], () => {
    const state = api.documentState(document.uri);
    return state?.status === status && state.version === document.version ? state : undefined;
  });
}

/** Opens a text and waits until it is analysed. */
export async function analyzed(
  api: SubtextApi,
  content: string,
  language?: Language,
): Promise<vscode.TextDocument> {
  const document = await open(content, language);
  await reachStatus(api, document, 'complete');
  return document;
}

/** The marked texts and their types, in order: what a reader sees. */
export function marks(api: SubtextApi, document: vscode.TextDocument): (readonly [string, string])[] {
  const text = document.getText();
  return (api.entities(document.uri) ?? []).map(
    ({ start, end, type }) => [text.slice(start, end), type] as const,
  );
}

/** Waits until the marks are these: they may be told before or after the status. */
export function reachMarks(
  api: SubtextApi,
  document: vscode.TextDocument,
  expected: readonly (readonly [string, string])[],
): Promise<true> {
  const wanted = JSON.stringify(expected);
  const present = () => JSON.stringify(marks(api, document));
  return waitFor(
    () => `marks ${wanted} (they are ${present()})`,
    [api.onDidChangeState],
    () => (present() === wanted ? true : undefined),
  );
}

/** Waits for a change of state of one kind that the condition holds for. */
export function nextChange(
  api: SubtextApi,
  what: string,
  condition: (change: StateChange) => boolean,
): Promise<StateChange> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      subscription.dispose();
      reject(new Error(`Waited in vain for ${what}.`));
    }, patience);
    const subscription = api.onDidChangeState((change) => {
      if (!condition(change)) return;
      clearTimeout(timer);
      subscription.dispose();
      resolve(change);
    });
  });
}

/** The range of the first occurrence of a text. */
export function rangeOf(document: vscode.TextDocument, text: string, from = 0): vscode.Range {
  const start = document.getText().indexOf(text, from);
  if (start < 0) throw new Error(`“${text}” is not in the document.`);
  return new vscode.Range(document.positionAt(start), document.positionAt(start + text.length));
}

/** Changes settings of the section `subtext` for as long as `run` takes. */
export async function withSettings(
  settings: Readonly<Record<string, unknown>>,
  run: () => Promise<void>,
): Promise<void> {
  const update = async (value: (key: string) => unknown) => {
    for (const key of Object.keys(settings)) {
      const configuration = vscode.workspace.getConfiguration('subtext');
      await configuration.update(key, value(key), vscode.ConfigurationTarget.Global);
    }
  };
  await update((key) => settings[key]);
  try {
    await run();
  } finally {
    await update(() => undefined);
  }
}
