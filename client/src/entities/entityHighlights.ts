import * as vscode from 'vscode';
import type { EntitiesParams, EntityMark } from '../../../server/src/protocol/protocol';
import type { Clock } from '../clock';
import { affectsLanguages, isSupported, toRange } from '../documents';
import { readSetting } from '../settings';
import { Throttle } from '../throttle';
import { toTextEdits } from './contentChanges';
import { createEntityDecoration } from './entityDecorations';
import { type EntityKind, entityKind, entityKinds } from './entityKinds';
import { EntityStore } from './entityStore';

/** While a long document is analysed its results arrive in many parts; they are drawn this often, in milliseconds. */
const drawInterval = 50;

interface HighlightedDocument {
  readonly document: vscode.TextDocument;
  readonly store: EntityStore;
  /** Another number after each change that an editor does not make by itself; none before the first. */
  readonly revisions: Map<EntityKind, number>;
  readonly drawing: Throttle;
}

/** Draws the entities of all visible editors. */
export class EntityHighlights {
  readonly #clock: Clock;
  readonly #decorations: ReadonlyMap<EntityKind, vscode.TextEditorDecorationType>;
  readonly #documents = new Map<string, HighlightedDocument>();
  /** Revisions that an editor shows; it is drawn anew only where they are not the current ones. */
  readonly #drawn = new WeakMap<vscode.TextEditor, Map<EntityKind, number>>();
  readonly #subscriptions: vscode.Disposable[];
  /** One sequence for all documents: a number never means two things, even when a document is opened again. */
  #lastRevision = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#decorations = new Map(entityKinds.map((kind) => [kind, createEntityDecoration(kind)]));
    this.#subscriptions = [
      ...this.#decorations.values(),
      vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.#edit(event)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#draw(editor);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (affectsLanguages(event)) this.#openAll();
        if (event.affectsConfiguration('subtext.entities.enabled')) this.#drawAll();
      }),
    ];
    this.#openAll();
  }

  /** Entities of a document as it is now, in order; undefined for one that is not analysed. */
  marks(uri: string): readonly EntityMark[] | undefined {
    return this.#documents.get(uri)?.store.marks;
  }

  apply(params: EntitiesParams): void {
    this.#update(params.uri, (store) => store.apply(params));
  }

  /** The server has sent all entities of the document. */
  settle(uri: string): void {
    this.#update(uri, (store) => store.settle());
  }

  /** The document is not analysed any more. */
  clear(uri: string): void {
    this.#update(uri, (store) => store.clear());
  }

  /** Another server takes over; what is drawn stays until it has spoken. */
  beginSession(): void {
    for (const { store } of this.#documents.values()) store.beginSession();
  }

  dispose(): void {
    for (const { drawing } of this.#documents.values()) drawing.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #update(uri: string, change: (store: EntityStore) => ReadonlySet<string>): void {
    const highlighted = this.#documents.get(uri);
    if (!highlighted) return;
    const kinds = new Set([...change(highlighted.store)].map(entityKind));
    for (const kind of kinds) highlighted.revisions.set(kind, ++this.#lastRevision);
    if (kinds.size > 0) highlighted.drawing.request();
  }

  /** Takes in the documents of languages that were added, gives up those of languages that were removed. */
  #openAll(): void {
    for (const { document } of [...this.#documents.values()])
      if (!isSupported(document)) this.#close(document);
    for (const document of vscode.workspace.textDocuments) {
      if (!this.#documents.has(document.uri.toString())) this.#open(document);
    }
  }

  #open(document: vscode.TextDocument): void {
    if (!isSupported(document)) return;
    this.#documents.set(document.uri.toString(), {
      document,
      store: new EntityStore(document.version),
      revisions: new Map(),
      drawing: new Throttle(this.#clock, drawInterval, () => this.#drawDocument(document)),
    });
    this.#drawDocument(document);
  }

  #close(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    this.#documents.get(uri)?.drawing.dispose();
    if (this.#documents.delete(uri)) this.#drawDocument(document);
  }

  #edit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const highlighted = this.#documents.get(document.uri.toString());
    if (!highlighted || contentChanges.length === 0) return;
    const edits = toTextEdits(contentChanges, (start, end) =>
      document.getText(toRange(document, { start, end })),
    );
    highlighted.store.edit(document.version, edits);
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  #drawDocument(document: vscode.TextDocument): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document === document) this.#draw(editor);
  }

  #draw(editor: vscode.TextEditor): void {
    const { document } = editor;
    const highlighted = this.#documents.get(document.uri.toString());
    const shown = highlighted !== undefined && readSetting('entities.enabled', document.uri);
    const drawn = this.#drawn.get(editor) ?? new Map<EntityKind, number>();
    this.#drawn.set(editor, drawn);
    const revision = (kind: EntityKind) => (shown ? (highlighted.revisions.get(kind) ?? 0) : 0);
    const outdated = entityKinds.filter((kind) => revision(kind) !== (drawn.get(kind) ?? 0));
    if (outdated.length === 0) return;
    const ranges = new Map(outdated.map((kind) => [kind, [] as vscode.Range[]]));
    if (shown) {
      for (const mark of highlighted.store.marks)
        ranges.get(entityKind(mark.type))?.push(toRange(document, mark));
    }
    for (const kind of outdated) {
      const decoration = this.#decorations.get(kind);
      if (decoration) editor.setDecorations(decoration, ranges.get(kind) ?? []);
      drawn.set(kind, revision(kind));
    }
  }
}
