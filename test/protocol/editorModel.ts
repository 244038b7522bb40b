import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-protocol/node';
import { EntityStore } from '../../client/src/entities/entityStore';
import type { TextEdit } from '../../server/src/core/text/prose';
import type { EntityMark } from '../../server/src/protocol/protocol';
import { TestClient } from './testClient';

/** An editor with one document: sends its edits as VS Code does and shows what the extension would. */
export class EditorModel {
  readonly client: TestClient;
  readonly uri: string;
  /** Called whenever what is shown may have changed. */
  onShown: () => void = () => {};
  readonly #store = new EntityStore(1);
  #text: string;
  #version = 1;
  #received = 0;

  private constructor(client: TestClient, uri: string, text: string) {
    this.client = client;
    this.uri = uri;
    this.#text = text;
  }

  /** Opens the document; analysed unless the engine is held. */
  static async open(client: TestClient, text: string, languageId = 'markdown'): Promise<EditorModel> {
    return new EditorModel(client, await client.open(text, { languageId }), text);
  }

  get text(): string {
    return this.#text;
  }

  get version(): number {
    return this.#version;
  }

  /** @param edits of one notification, each in the coordinates of the text that the one before it left. */
  async edit(...edits: readonly TextEdit[]): Promise<void> {
    const changes = edits.map((edit) => {
      const range = { start: toPosition(this.#text, edit.start), end: toPosition(this.#text, edit.end) };
      this.#text = this.#text.slice(0, edit.start) + edit.text + this.#text.slice(edit.end);
      return { range, text: edit.text };
    });
    await this.#take(edits, changes);
  }

  /** Sends the whole text, as clients do that know no better. */
  async replaceAll(text: string): Promise<void> {
    const edit = { start: 0, end: this.#text.length, text };
    this.#text = text;
    await this.#take([edit], [{ text }]);
  }

  /** The extension hears of an edit at once, as in VS Code: what the server has sent by then comes after it. */
  async #take(edits: readonly TextEdit[], changes: readonly TextDocumentContentChangeEvent[]): Promise<void> {
    this.#store.edit(++this.#version, edits);
    this.onShown();
    await this.client.edit(this.uri, this.#version, ...changes);
    this.receive();
  }

  /** Takes in the results that have come. */
  receive(): void {
    for (; this.#received < this.client.entities.length; this.#received++) {
      const params = this.client.entities[this.#received];
      if (params?.uri !== this.uri) continue;
      this.#store.apply(params);
      this.onShown();
    }
  }

  /** Waits until the text as it is now is analysed. */
  async settle(): Promise<void> {
    await this.client.roundTrip();
    // A word may have been left unfinished.
    this.client.clock.advance(1_000);
    await this.client.complete(this.uri, this.#version);
    this.receive();
  }

  /** The entities that are shown. */
  get marks(): readonly EntityMark[] {
    return this.#store.marks;
  }

  /** All that is shown. */
  shown() {
    return { marks: this.marks, diagnostics: this.client.lastDiagnostics(this.uri)?.diagnostics };
  }
}

/** What an editor shows that saw nothing but this text. */
export async function showAfresh(text: string, languageId = 'markdown') {
  const client = await TestClient.start();
  const editor = await EditorModel.open(client, text, languageId);
  editor.receive();
  await client.stop();
  return editor.shown();
}

/** Line and character as LSP counts them, by a way that has nothing in common with the server's. */
function toPosition(text: string, offset: number): { line: number; character: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/u);
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
