import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { StateChange, SubtextApi } from '../../../client/src/api';
import type { EntityMark } from '../../../server/src/protocol/protocol';
import { type ClientPlan, type ClientTimes, planVariable, type TypingPlan } from './clientPlan';
import type { TypingPlace } from './markdownDocument';

const extensionId = 'subtext.subtext';
/** The editor itself is busy for a while after its start. */
const STARTING_MILLISECONDS = 5_000;
/** No screen shows more characters of the document. */
const LARGEST_SCREEN = 8_000;

/** Called inside the extension host of a workbench: measures what the extension's own interface tells. */
export async function run(): Promise<void> {
  const plan = JSON.parse(readFileSync(process.env[planVariable] ?? '', 'utf8')) as ClientPlan;
  const extension = vscode.extensions.getExtension<SubtextApi>(extensionId);
  await sleep(STARTING_MILLISECONDS);
  if (!extension || extension.isActive) throw new Error('The extension is absent, or active too early.');
  const start = performance.now();
  const api = await extension.activate();
  const activation = performance.now() - start;

  // From here on the model is loaded.
  await complete(api, await show(plan.warmUp));
  const opening = await measureOpening(api, plan.large);
  const typing: ClientTimes['typing'][number][] = [];
  for (const one of plan.typing) typing.push(await measureTyping(api, one));
  const times: ClientTimes = { activation, ...opening, typing };
  writeFileSync(plan.results, JSON.stringify(times));
}

async function measureOpening(
  api: SubtextApi,
  name: string,
): Promise<Pick<ClientTimes, 'opening' | 'visible' | 'all'>> {
  const start = performance.now();
  const told = happened(vscode.workspace.onDidOpenTextDocument, ({ uri }) => uri.path.endsWith(`/${name}`));
  const seen: { readonly at: number; readonly marks: readonly EntityMark[] }[] = [];
  const subscription = api.onDidChangeState((change) => {
    if (change.kind !== 'entities' || !change.uri.endsWith(`/${name}`)) return;
    const marks = api.entities(vscode.Uri.parse(change.uri)) ?? [];
    seen.push({ at: performance.now(), marks: marks.filter((mark) => mark.end <= LARGEST_SCREEN) });
  });
  const document = await show(name);
  const opened = await told;
  const [range] = vscode.window.activeTextEditor?.visibleRanges ?? [];
  const end = document.offsetAt(range?.end ?? new vscode.Position(0, 0));
  if (end === 0 || end > LARGEST_SCREEN) throw new Error(`${end} characters are in sight.`);
  const all = await complete(api, document);
  subscription.dispose();
  const inSight = seen.map(({ at, marks }) => ({
    at,
    text: JSON.stringify(
      marks.filter((mark) => mark.end <= end).map((mark) => [mark.start, mark.end, mark.type]),
    ),
  }));
  const final = inSight.findIndex(({ text }, i) => inSight.slice(i).every((later) => later.text === text));
  return { opening: opened - start, visible: (inSight[final]?.at ?? all) - opened, all: all - opened };
}

async function measureTyping(api: SubtextApi, plan: TypingPlan): Promise<ClientTimes['typing'][number]> {
  const document = await show(plan.file);
  await complete(api, document);
  const fromEvent: number[] = [];
  const fromKey: number[] = [];
  for (const [index, place] of plan.places.entries()) {
    await sleep(plan.pauseMilliseconds);
    const times = await typeLetter(api, document, place);
    if (index < plan.uncounted) continue;
    fromEvent.push(times.fromEvent);
    fromKey.push(times.fromKey);
  }
  return { words: plan.words, fromEvent, fromKey };
}

async function typeLetter(
  api: SubtextApi,
  document: vscode.TextDocument,
  { line, character, letter }: TypingPlace,
): Promise<{ readonly fromEvent: number; readonly fromKey: number }> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document !== document) throw new Error('The document is not the active one.');
  editor.selection = new vscode.Selection(line, character, line, character);
  // The window has to know of the selection before it is told of the key.
  await vscode.commands.executeCommand('revealLine', { lineNumber: line, at: 'center' });
  const changed = happened(vscode.workspace.onDidChangeTextDocument, (event) => event.document === document);
  const key = performance.now();
  await Promise.all([vscode.commands.executeCommand('type', { text: letter }), changed]);
  const event = await changed;
  const end = await complete(api, document);
  return { fromEvent: end - event, fromKey: end - key };
}

/** Opens a file of the workspace in the editor. */
async function show(name: string): Promise<vscode.TextDocument> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Resolves with the time at which the document as it is now was told to be complete. */
async function complete(api: SubtextApi, document: vscode.TextDocument): Promise<number> {
  const isComplete = () => {
    const state = api.documentState(document.uri);
    return state?.status === 'complete' && state.version === document.version;
  };
  if (isComplete()) return performance.now();
  return happened<StateChange>(api.onDidChangeState, isComplete);
}

/** Resolves with the time of the first event that a condition holds for. */
function happened<T>(event: vscode.Event<T>, condition: (value: T) => boolean): Promise<number> {
  return new Promise((resolve) => {
    const subscription = event((value) => {
      if (!condition(value)) return;
      const at = performance.now();
      subscription.dispose();
      resolve(at);
    });
  });
}
