import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from '../core/text/prose';

/** An open document that remembers its edits until the analysis takes them. */
export class TrackedDocument {
  #document: TextDocument;
  /** Undefined once the whole text was replaced: then there is nothing to follow. */
  #edits: TextEdit[] | undefined;

  private constructor(document: TextDocument) {
    this.#document = document;
  }

  static create(uri: string, languageId: string, version: number, content: string): TrackedDocument {
    return new TrackedDocument(TextDocument.create(uri, languageId, version, content));
  }

  /** Applies the changes of one `didChange`, each relative to the text that the one before it left. */
  static update(
    tracked: TrackedDocument,
    changes: TextDocumentContentChangeEvent[],
    version: number,
  ): TrackedDocument {
    for (const change of changes) {
      if ('range' in change) {
        const { start, end } = change.range;
        const edit = {
          start: tracked.#document.offsetAt(start),
          end: tracked.#document.offsetAt(end),
          text: change.text,
        };
        tracked.#edits?.push(edit);
      } else {
        tracked.#edits = undefined;
      }
      tracked.#document = TextDocument.update(tracked.#document, [change], version);
    }
    return tracked;
  }

  get uri(): string {
    return this.#document.uri;
  }

  get languageId(): string {
    return this.#document.languageId;
  }

  get version(): number {
    return this.#document.version;
  }

  /** For conversions between offsets and positions; see `protocol/ranges.ts`. */
  get positions(): TextDocument {
    return this.#document;
  }

  getText(): string {
    return this.#document.getText();
  }

  /** The edits since the last call, oldest first; undefined when the text was replaced as a whole or is new. */
  takeEdits(): readonly TextEdit[] | undefined {
    const edits = this.#edits;
    this.#edits = [];
    return edits;
  }
}
