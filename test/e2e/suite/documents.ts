import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import {
  activate,
  analyzed,
  closeEditors,
  open,
  openFile,
  reachMarks,
  reachStatus,
  waitFor,
  withSettings,
  writeFile,
} from './subtext';

const curie = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;

describe('documents', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  it('that are empty are complete at once', async () => {
    const document = await analyzed(api, '');
    const { analyzed: done, total } = api.documentState(document.uri) ?? {};
    assert.deepEqual({ done, total }, { done: 0, total: 0 });
    await reachMarks(api, document, []);
  });

  it('that are empty and then get text are analysed', async () => {
    const document = await analyzed(api, '');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Marie Curie worked in Paris.');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await reachMarks(api, document, curie);
  });

  it('that are larger than the limit are skipped, and analysed on request', async () => {
    await withSettings({ 'limits.documentCharacters': 1_000 }, async () => {
      const filler = 'It rained all day. '.repeat(60);
      const document = await open(`${filler}\n\nMarie Curie worked in Paris.\n`);
      const state = await reachStatus(api, document, 'skipped');
      assert.equal(state.reason, 'tooLarge');
      await reachMarks(api, document, []);
      await vscode.commands.executeCommand('subtext.analyzeDocument');
      await reachMarks(api, document, curie);
    });
  });

  it('without a file are analysed', async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'Marie Curie worked in Paris.',
      language: 'plaintext',
    });
    await vscode.window.showTextDocument(document);
    await reachStatus(api, document, 'complete');
    await reachMarks(api, document, curie);
  });

  it('that are code are analysed for their comments', async () => {
    const document = await openFile(
      `${randomUUID()}.ts`,
      "// Marie Curie worked in Paris.\nconst city = 'London'; // See cityOfLondon\n",
    );
    const { total } = await reachStatus(api, document, 'complete');
    assert.equal(total, 2);
    await reachMarks(api, document, curie);
    await withSettings({ 'prose.comments': false }, async () => {
      await waitFor(
        'no marks',
        [api.onDidChangeState],
        () => api.entities(document.uri) === undefined || undefined,
      );
    });
    await reachMarks(api, document, curie);
  });

  it('that are cells of a notebook are analysed one by one', async () => {
    const cell = (cell_type: string, source: string) => ({
      cell_type,
      source: [source],
      metadata: {},
      ...(cell_type === 'code' && { outputs: [], execution_count: null }),
    });
    const cells = [
      cell('markdown', 'Marie Curie worked in Paris.'),
      cell('code', '# Marie Curie worked in Paris.\nx'),
    ];
    const uri = await writeFile(
      `${randomUUID()}.ipynb`,
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 2,
        metadata: { language_info: { name: 'python' } },
        cells,
      }),
    );
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    for (const { document } of notebook.getCells()) await reachMarks(api, document, curie);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('that hold NUL characters are skipped', async () => {
    const document = await openPasted('Marie Curie worked in Paris.\0\0\0\u0001');
    const state = await reachStatus(api, document, 'skipped');
    assert.equal(state.reason, 'binary');
    await reachMarks(api, document, []);
  });

  it('are not analysed where the extension is switched off, but on request', async () => {
    await withSettings({ enabled: false }, async () => {
      const document = await open('Marie Curie worked in Paris.');
      const state = await reachStatus(api, document, 'skipped');
      assert.equal(state.reason, 'disabled');
      await vscode.commands.executeCommand('subtext.analyzeDocument');
      await reachMarks(api, document, curie);
    });
  });

  it('with line ends of both kinds, lone surrogates and long words keep exact offsets', async () => {
    const content = `A\r\nB\nC\uD800D \u202Eabc\u202C ${'x'.repeat(5_000)}\r\n\r\nMarie Curie worked in Paris.`;
    const document = await openPasted(content);
    await reachStatus(api, document, 'complete');
    assert.ok(document.getText().includes('C\uD800D'));
    const last = (api.entities(document.uri) ?? []).slice(-2);
    const text = document.getText();
    assert.deepEqual(
      last.map(({ start, end, type }) => [text.slice(start, end), type]),
      curie,
    );
  });
});

/** Opens a text that the editor would refuse or change if it came from a file. */
async function openPasted(text: string): Promise<vscode.TextDocument> {
  const document = await open('');
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  return document;
}
