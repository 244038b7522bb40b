import * as vscode from 'vscode';

/**
 * Shows a candidate in the text without touching it: what is to be replaced is struck out and the words of the
 * candidate stand behind it. Moving through the list therefore leaves no trace in the undo history.
 */
export class CandidatePreview {
  readonly #editor: vscode.TextEditor;
  readonly #ranges: readonly vscode.Range[];
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    textDecoration: 'line-through',
    opacity: '0.5',
    backgroundColor: new vscode.ThemeColor('diffEditor.removedTextBackground'),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  constructor(editor: vscode.TextEditor, ranges: readonly vscode.Range[]) {
    this.#editor = editor;
    this.#ranges = ranges;
  }

  /** @param texts one a range */
  show(texts: readonly string[]): void {
    this.#editor.setDecorations(
      this.#decoration,
      this.#ranges.map((range, i) => ({
        range,
        renderOptions: {
          after: {
            contentText: texts[i] ?? '',
            color: new vscode.ThemeColor('editor.foreground'),
            backgroundColor: new vscode.ThemeColor('diffEditor.insertedTextBackground'),
            margin: '0 0 0 2px',
          },
        },
      })),
    );
  }

  dispose(): void {
    this.#decoration.dispose();
  }
}
