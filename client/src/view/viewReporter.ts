import * as vscode from 'vscode';
import { ViewNotification, type ViewParams } from '../../../server/src/protocol/protocol';
import type { Clock } from '../clock';
import { isSupported, toSpan } from '../documents';
import type { ServerSession } from '../server/serverSession';
import { Throttle } from '../throttle';
import { changedViews, type EditorView, mergeViews } from './documentViews';

/** Scrolling and typing raise many events; the server is told this often, in milliseconds. */
const reportInterval = 50;

/** Tells the server what the user looks at, so that it is analysed first. */
export class ViewReporter {
  readonly #session: ServerSession;
  readonly #throttle: Throttle;
  readonly #subscriptions: vscode.Disposable[];
  /** What the server that runs now was told. */
  #told: ReadonlyMap<string, ViewParams> = new Map();

  constructor(session: ServerSession, clock: Clock) {
    this.#session = session;
    this.#throttle = new Throttle(clock, reportInterval, () => this.#report());
    const request = () => this.#throttle.request();
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(request),
      vscode.window.onDidChangeVisibleTextEditors(request),
      vscode.window.onDidChangeTextEditorVisibleRanges(request),
      vscode.window.onDidChangeTextEditorSelection(request),
      // A document in another language is closed and opened while its editor stays. The server hears of that first.
      vscode.workspace.onDidOpenTextDocument(() => clock.setTimeout(request, 0)),
      // The server forgets a closed document; one that is opened again is news to it.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#told = new Map([...this.#told].filter(([told]) => told !== uri.toString()));
      }),
    ];
  }

  /** A fresh server is told everything. */
  beginSession(): void {
    this.#told = new Map();
    this.#throttle.request();
  }

  dispose(): void {
    this.#throttle.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #report(): void {
    if (!this.#session.running) return;
    const views = mergeViews(vscode.window.visibleTextEditors.flatMap(toEditorView));
    const told = new Map(views);
    for (const view of changedViews(this.#told, views)) {
      told.set(view.uri, view);
      this.#session.notify(ViewNotification.type, view);
    }
    this.#told = told;
  }
}

function toEditorView(editor: vscode.TextEditor): readonly EditorView[] {
  const { document } = editor;
  if (document.isClosed || !isSupported(document)) return [];
  return [
    {
      uri: document.uri.toString(),
      version: document.version,
      active: editor === vscode.window.activeTextEditor,
      visible: editor.visibleRanges.map((range) => toSpan(document, range)),
      cursor: document.offsetAt(editor.selection.active),
    },
  ];
}
