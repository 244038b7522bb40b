import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { activate, analyzed, closeEditors, marks, reachMarks, reachStatus, waitFor } from './subtext';

const untouched = 'Marie Curie worked in Paris.';
const names = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;
const text = `${untouched}\n\nAngela Merkel visited London.\n\nShe lives in Berlin now.\n`;

describe('after large edits', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  /** Opens the text, lets it be edited, and compares with what an editor shows that saw only the result. */
  async function edited(
    content: string,
    edit: (document: vscode.TextDocument, editor: vscode.TextEditor) => Promise<void>,
  ): Promise<vscode.TextDocument> {
    const document = await analyzed(api, content);
    await reachMarks(api, document, [...marks(api, document)]);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    const lost: string[] = [];
    const watch = api.onDidChangeState((change) => {
      if (change.kind !== 'entities' || change.uri !== document.uri.toString()) return;
      const start = document.getText().indexOf(untouched);
      const shown = JSON.stringify((api.entities(document.uri) ?? []).map((mark) => [mark.start, mark.end]));
      for (const [name] of names) {
        const at = start + untouched.indexOf(name);
        if (start >= 0 && !shown.includes(JSON.stringify([at, at + name.length]))) lost.push(name);
      }
    });
    await edit(document, editor);
    await reachStatus(api, document, 'complete');
    watch.dispose();
    assert.deepEqual(lost, []);
    const shown = api.entities(document.uri);
    const fresh = await analyzed(api, document.getText());
    assert.deepEqual(shown, api.entities(fresh.uri));
    return document;
  }

  it('undo brings the marks back', async () => {
    await edited(text, async (document, editor) => {
      await editor.edit((builder) => builder.delete(new vscode.Range(2, 0, 5, 0)));
      await reachStatus(api, document, 'complete');
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), text);
    });
  });

  it('10,000 pasted lines are analysed', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `Ada saw London on day ${index % 50}.\n\n`);
    const document = await edited(text, async (_document, editor) => {
      await editor.edit((builder) => builder.insert(new vscode.Position(2, 0), lines.join('')));
    });
    assert.ok((api.entities(document.uri)?.length ?? 0) > 5_000);
  });

  it('every occurrence can be replaced at once', async () => {
    await edited(text + 'He left London and never saw London again.\n\n'.repeat(200), async (document) => {
      const edit = new vscode.WorkspaceEdit();
      for (const { index } of document.getText().matchAll(/London/gu)) {
        const [start, end] = [document.positionAt(index), document.positionAt(index + 'London'.length)];
        edit.replace(document.uri, new vscode.Range(start, end), '北京 (Beijing)');
      }
      assert.ok(await vscode.workspace.applyEdit(edit));
    });
  });

  it('several cursors type at once', async () => {
    await edited(text, async (_document, editor) => {
      editor.selections = [2, 4].map((line) => new vscode.Selection(line, 0, line, 0));
      for (const letter of 'In Rome, ') await vscode.commands.executeCommand('type', { text: letter });
      await vscode.commands.executeCommand('deleteLeft');
      await vscode.commands.executeCommand('type', { text: ' ' });
    });
  });

  it('a formatter rewrites the file', async () => {
    const formatter = vscode.languages.registerDocumentFormattingEditProvider('plaintext', {
      provideDocumentFormattingEdits: (document) => [
        vscode.TextEdit.replace(
          new vscode.Range(0, 0, document.lineCount, 0),
          document.getText().replaceAll(/\n{3,}/gu, '\n\n'),
        ),
      ],
    });
    try {
      await edited(text.replaceAll('\n\n', '\n\n\n\n'), async (document) => {
        await vscode.commands.executeCommand('editor.action.formatDocument');
        assert.equal(document.getText(), text);
      });
    } finally {
      formatter.dispose();
    }
  });

  it('the file changes on disk, as it does when the branch is switched', async () => {
    const other = `A new beginning in Madrid.\n\n${untouched}\n\nShe lives in Rome now.\n`;
    await edited(text, async (document) => {
      await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(other));
      await waitFor('the file to be read again', [vscode.workspace.onDidChangeTextDocument], () =>
        document.getText() === other ? true : undefined,
      );
    });
  });

  it('a document in another language is read in its way', async () => {
    const document = await analyzed(api, `${untouched}\n\n    Marie Curie worked in Paris.\n`);
    await reachMarks(api, document, [...names, ...names]);
    const asMarkdown = await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await reachStatus(api, asMarkdown, 'complete');
    await reachMarks(api, asMarkdown, names);
  });

  it('two editors of one document are the same to it', async () => {
    const document = await analyzed(api, text);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Ada went to Rome. ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await reachStatus(api, document, 'complete');
    const shown = api.entities(document.uri);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.deepEqual(api.entities(document.uri), shown);
    assert.ok(marks(api, document).some(([name]) => name === 'Marie Curie'));
  });
});
