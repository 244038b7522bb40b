import * as vscode from 'vscode';

/**
 * Shows a candidate in the text without touching it: the text to be replaced is struck out and the candidate
 * stands behind it. Moving through the list therefore leaves no trace in the undo history.
 */
export class CandidatePreview {
  readonly #editor: vscode.TextEditor;
  readonly #range: vscode.Range;
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    textDecoration: 'line-through',
    opacity: '0.5',
    backgroundColor: new vscode.ThemeColor('diffEditor.removedTextBackground'),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  constructor(editor: vscode.TextEditor, range: vscode.Range) {
    this.#editor = editor;
    this.#range = range;
  }

  show(text: string): void {
    this.#editor.setDecorations(this.#decoration, [
      {
        range: this.#range,
        renderOptions: {
          after: {
            contentText: text,
            color: new vscode.ThemeColor('editor.foreground'),
            backgroundColor: new vscode.ThemeColor('diffEditor.insertedTextBackground'),
            margin: '0 0 0 2px',
          },
        },
      },
    ]);
  }

  dispose(): void {
    this.#decoration.dispose();
  }
}
