import * as vscode from 'vscode';
import type { Span } from '../../../server/src/core/text/span';
import { ProseRequest, type ProseResult } from '../../../server/src/protocol/prose';
import type { Clock } from '../clock';
import { offerLanguageSetting } from '../commands/analyzeDocument';
import { isSupported, toRange } from '../documents';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { Throttle } from '../throttle';
import { createProseDecoration } from './proseDecorations';
import { type ProseStyle, proseSpans, proseStyles } from './proseSpans';
import { proseSummary } from './proseSummary';

/** After an edit or a result the view is brought up to date this often, in milliseconds. */
const drawInterval = 150;
/** So many characters around what is seen are shown, too, so that one may scroll a little without waiting. */
const margin = 20_000;

const nothingAnalyzed: ProseResult = {
  sentences: [],
  counts: { analyzed: 0, pending: 0, ignored: 0, leftOut: 0 },
  skipped: 'unsupportedLanguage',
};

/** Shows in the editors of some documents what is analysed: sentences stand out, and everything else is dimmed. */
export class ProseView {
  readonly #session: ServerSession;
  readonly #clock: Clock;
  /** Made when prose is first shown. */
  #decorations: ReadonlyMap<ProseStyle, vscode.TextEditorDecorationType> = new Map();
  readonly #subscriptions: vscode.Disposable[];
  /** Keys of the documents that are shown in this way. */
  readonly #shown = new Set<string>();
  readonly #drawings = new Map<vscode.TextEditor, Throttle>();
  #summary: vscode.Disposable | undefined;

  constructor(session: ServerSession, state: AnalysisState, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    const drawUri = (uri: string) => this.#drawAll(({ document }) => document.uri.toString() === uri);
    this.#subscriptions = [
      state.onDidChange((change) => {
        if (change.kind === 'document') drawUri(change.uri);
        if (change.kind === 'server') this.#drawAll();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => drawUri(document.uri.toString())),
      // A document whose language changes is closed and opened, too.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => drawUri(uri.toString())),
      vscode.workspace.onDidCloseTextDocument((closed) => {
        const isOpen = vscode.workspace.textDocuments.some((document) => keyOf(document) === keyOf(closed));
        if (!isOpen) this.#shown.delete(keyOf(closed));
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#request(textEditor)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of [...this.#drawings.keys()]) if (!editors.includes(editor)) this.#forget(editor);
        this.#drawAll();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#summarize(undefined);
        this.#drawAll();
      }),
    ];
  }

  /** Turns the view of the active editor's document on or off. */
  toggle(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (!document) return;
    const key = keyOf(document);
    if (this.#shown.delete(key)) {
      for (const editor of [...this.#drawings.keys()])
        if (keyOf(editor.document) === key) this.#clear(editor);
      this.#summarize(undefined);
      return;
    }
    if (this.#decorations.size === 0)
      this.#decorations = new Map(proseStyles.map((style) => [style, createProseDecoration(style)]));
    this.#shown.add(key);
    this.#drawAll();
    if (!isSupported(document)) void offerLanguageSetting(document.languageId);
  }

  dispose(): void {
    for (const editor of [...this.#drawings.keys()]) this.#forget(editor);
    this.#summarize(undefined);
    vscode.Disposable.from(...this.#subscriptions, ...this.#decorations.values()).dispose();
  }

  #drawAll(isConcerned: (editor: vscode.TextEditor) => boolean = () => true): void {
    if (this.#shown.size === 0) return;
    for (const editor of vscode.window.visibleTextEditors) if (isConcerned(editor)) this.#request(editor);
  }

  #request(editor: vscode.TextEditor): void {
    if (!this.#shown.has(keyOf(editor.document))) return;
    let drawing = this.#drawings.get(editor);
    if (!drawing) {
      drawing = new Throttle(this.#clock, drawInterval, () => void this.#draw(editor));
      this.#drawings.set(editor, drawing);
    }
    drawing.request();
  }

  async #draw(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const { version } = document;
    const span = spanAround(editor);
    const prose = isSupported(document) ? await this.#ask(document, span) : nothingAnalyzed;
    // An edit meanwhile asks again, and what was turned off stays so.
    if (!prose || document.version !== version || !this.#drawings.has(editor)) return;
    const spans = proseSpans(prose.sentences, span);
    for (const [style, decoration] of this.#decorations)
      editor.setDecorations(
        decoration,
        spans[style].map((one) => toRange(document, one)),
      );
    if (editor === vscode.window.activeTextEditor)
      this.#summarize(proseSummary(prose, vscode.env.language, vscode.l10n));
  }

  /** @returns undefined where the server has no answer now; it tells of its state when it has. */
  async #ask({ uri, version }: vscode.TextDocument, span: Span): Promise<ProseResult | undefined> {
    if (!this.#session.running) return undefined;
    const textDocument = { uri: uri.toString(), version };
    try {
      return (await this.#session.request(ProseRequest.type, { textDocument, span })) ?? undefined;
    } catch {
      // The server ended; the session tells the user, and the next one is asked again.
      return undefined;
    }
  }

  #clear(editor: vscode.TextEditor): void {
    this.#forget(editor);
    for (const decoration of this.#decorations.values()) editor.setDecorations(decoration, []);
  }

  #forget(editor: vscode.TextEditor): void {
    this.#drawings.get(editor)?.dispose();
    this.#drawings.delete(editor);
  }

  #summarize(text: string | undefined): void {
    this.#summary?.dispose();
    this.#summary = text === undefined ? undefined : vscode.window.setStatusBarMessage(text);
  }
}

/** All cells of a notebook have the same: their URIs differ in the fragment. */
const keyOf = ({ uri }: vscode.TextDocument): string => uri.with({ fragment: '' }).toString();

function spanAround({ document, visibleRanges }: vscode.TextEditor): Span {
  const offsets = visibleRanges.flatMap(({ start, end }) => [
    document.offsetAt(start),
    document.offsetAt(end),
  ]);
  const end = document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
  return {
    start: Math.max(0, Math.min(end, ...offsets) - margin),
    end: Math.min(end, Math.max(0, ...offsets) + margin),
  };
}
