import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { activate, analyzed, closeEditors, openFile, rangeOf, reachMarks, waitFor } from './subtext';

const marked = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;

/** The workspace's rule file, as the quick fixes and its author write it. */
describe('ignore rules', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await closeEditors();
    await vscode.workspace.fs.delete(ruleFile(), { useTrash: false }).then(undefined, () => {});
  });

  it('are written by quick fixes, saved, and take effect', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.', 'markdown');
    await reachMarks(api, document, marked);
    const actions = await fixesAt(document, 'Paris');
    assert.deepEqual(
      actions.map(({ title }) => title),
      [
        'Ignore “Paris” only here (.subtext.json)',
        'Ignore “Paris” in this workspace (.subtext.json)',
        'Ignore “Paris” in user settings',
        'Ignore this line (comment in this file)',
        'Ignore more…',
      ],
    );
    await apply(actions[1]);
    await reachMarks(api, document, [marked[0]]);
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(ruleFile()));
    assert.deepEqual(JSON.parse(written), { ignore: { words: ['Paris'] } });
  });

  it('are about one mention, which moves with its text, and taken back by the button', async () => {
    const text = 'Marie Curie worked in Paris.\n\nMarie Curie lived in Paris.';
    const document = await analyzed(api, text, 'markdown');
    const all = [...marked, ...marked];
    await reachMarks(api, document, all);
    await apply((await fixesAt(document, 'Paris'))[0]);
    const others = [marked[0], ...marked];
    await reachMarks(api, document, others);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'It was long ago.\n\n');
    await vscode.workspace.applyEdit(edit);
    await reachMarks(api, document, others);
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    await reachMarks(api, document, all);
  });

  it('are chosen behind “Ignore more…”', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.', 'markdown');
    await reachMarks(api, document, marked);
    let done = false;
    const choosing = apply((await fixesAt(document, 'Paris')).at(-1)).then(() => {
      done = true;
    });
    // The list opens a moment later; its first item is the name as its type.
    while (!done) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await choosing;
    await reachMarks(api, document, [marked[0]]);
    const written = new TextDecoder().decode(await vscode.workspace.fs.readFile(ruleFile()));
    assert.deepEqual(JSON.parse(written), { ignore: { words: [{ text: 'Paris', type: 'LOC' }] } });
  });

  it('are written into user settings, and taken back by the button', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.', 'markdown');
    await reachMarks(api, document, marked);
    await apply((await fixesAt(document, 'Paris'))[2]);
    await reachMarks(api, document, [marked[0]]);
    assert.deepEqual(vscode.workspace.getConfiguration('subtext').get('ignore.words'), ['Paris']);
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    await reachMarks(api, document, marked);
    assert.deepEqual(vscode.workspace.getConfiguration('subtext').get('ignore.words'), []);
  });

  it('know the names that are added to the gazetteer', async () => {
    const document = await analyzed(api, 'Marie Curie praised the turboencabulator.', 'markdown');
    const editor = await vscode.window.showTextDocument(document);
    const { start, end } = rangeOf(document, 'turboencabulator');
    editor.selection = new vscode.Selection(start, end);
    let done = false;
    const adding = vscode.commands.executeCommand('subtext.addToGazetteer').then(() => {
      done = true;
    });
    // The list of types opens a moment later, so it may need asking again.
    while (!done) await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await adding;
    await reachMarks(api, document, [marked[0], ['turboencabulator', 'PER']]);
  });

  it('ignore a line by a comment, and undo brings it back', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.', 'markdown');
    await reachMarks(api, document, marked);
    const action = (await fixesAt(document, 'Paris'))[3];
    assert.ok(action?.edit);
    await vscode.workspace.applyEdit(action.edit);
    await reachMarks(api, document, []);
    await vscode.commands.executeCommand('undo');
    await reachMarks(api, document, marked);
  });

  it('come from the file, with a gazetteer, and say what is wrong in it', async () => {
    const document = await analyzed(api, 'Marie Curie praised the turboencabulator.', 'markdown');
    await reachMarks(api, document, [marked[0]]);
    const rules = await openFile(
      '.subtext.json',
      '{ "gazetteer": [{ "text": "Turboencabulator", "type": "PRODUCT" }], "wrong": 1 }',
    );
    await reachMarks(api, document, [marked[0], ['turboencabulator', 'PRODUCT']]);
    const messages = await waitFor('a problem', [vscode.languages.onDidChangeDiagnostics], () => {
      const own = vscode.languages.getDiagnostics(rules.uri).filter(({ source }) => source === 'subtext');
      return own.length > 0 ? own.map(({ message }) => message) : undefined;
    });
    assert.deepEqual(messages, ['unknown; expected one of $schema, ignore, thresholds, gazetteer']);
    assert.equal(rules.languageId, 'jsonc');
  });
});

function ruleFile(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open.');
  return vscode.Uri.joinPath(folder.uri, '.subtext.json');
}

/** What the quick fixes offer; they may come later than the first marks do. */
async function fixesAt(document: vscode.TextDocument, what: string): Promise<vscode.CodeAction[]> {
  for (;;) {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      rangeOf(document, what),
    );
    const fixes = actions.filter(({ title }) => title.startsWith('Ignore'));
    if (fixes.length > 0) return fixes;
  }
}

async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action?.command);
  await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
}
