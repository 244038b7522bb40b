import * as vscode from 'vscode';
import type { Markdown } from '../../server/src/core/surfaces/markdown';

/** A document that nobody has to save, shown as the preview of its Markdown. */
export class MarkdownPage {
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #provider: vscode.Disposable;
  readonly #uri: vscode.Uri;
  #text: Markdown | '' = '';

  /**
   * @param scheme of its own for each page.
   * @param title for the tab.
   */
  constructor(scheme: string, title: string) {
    this.#uri = vscode.Uri.from({ scheme, path: `/${title}.md` });
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changes.event,
      provideTextDocumentContent: () => this.#text,
    });
  }

  async show(markdown: Markdown): Promise<void> {
    this.#text = markdown;
    this.#changes.fire(this.#uri);
    await vscode.commands.executeCommand('markdown.showPreview', this.#uri);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changes.dispose();
  }
}
