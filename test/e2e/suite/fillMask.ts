import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { activate, analyzed, closeEditors, nextChange, rangeOf } from './subtext';

describe('fill-mask', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  /** Runs the command with a selection, and resolves when the list of suggestions has its entries. */
  async function suggest(
    document: vscode.TextDocument,
    selection: vscode.Range,
    command = 'subtext.fillMask',
  ): Promise<void> {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(selection.start, selection.end);
    const opened = nextChange(api, 'suggestions', (change) => change.kind === 'suggestions' && change.open);
    // The command ends with the list, so it is not awaited here.
    vscode.commands.executeCommand(command);
    await opened;
  }

  /** Accepts the first suggestion. The editor gets the entries a moment after they are told, so it may need asking again. */
  async function accept(): Promise<void> {
    let open = true;
    const gone = closed().finally(() => {
      open = false;
    });
    const press = async (): Promise<void> => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      if (open) await press();
    };
    await Promise.all([gone, press()]);
  }

  const closed = () => nextChange(api, 'the end', (change) => change.kind === 'suggestions' && !change.open);

  const places = [
    { name: 'a mask token', target: '[MASK]', isSelected: false },
    { name: 'a selection', target: 'a big country', isSelected: true },
    { name: 'the word under the cursor', target: 'England', isSelected: false },
  ];
  for (const { name, target, isSelected } of places) {
    it(`replaces ${name} in one undoable step`, async () => {
      const before = '😀 London is the capital of ';
      const after = '. 😀\n';
      const document = await analyzed(api, before + target + after);
      const range = rangeOf(document, target);
      const inside = range.start.translate(0, 2);
      const selection = isSelected ? range : new vscode.Range(inside, inside);
      await suggest(document, selection);
      await accept();
      const filled = document.getText();
      assert.ok(filled.startsWith(before) && filled.endsWith(after), filled);
      assert.notEqual(filled, before + target + after);
      assert.match(filled.slice(before.length, -after.length), /^\S+$/);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), before + target + after);
    });
  }

  it('fills all masks of a sentence in one undoable step', async () => {
    const content = 'One [MASK].\n\n[MASK] is the **capital** of [MASK], 😀 not of <mask>.\n';
    const document = await analyzed(api, content, 'markdown');
    const { end } = rangeOf(document, 'capital');
    await suggest(document, new vscode.Range(end, end), 'subtext.fillAllMasks');
    await accept();
    assert.match(
      document.getText(),
      /^One \[MASK\]\.\n\n\S+ is the \*\*capital\*\* of \S+, 😀 not of \S+\.\n$/u,
    );
    assert.doesNotMatch(document.getText().slice(10), /MASK|<mask>/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), content);
  });

  it('leaves the document as it was when it is given up', async () => {
    const content = 'London is the capital of [MASK].';
    const document = await analyzed(api, content);
    await suggest(document, rangeOf(document, '[MASK]'));
    const gone = closed();
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await gone;
    assert.equal(document.getText(), content);
  });

  it('is offered as a refactoring of a word, and nowhere else', async () => {
    const document = await analyzed(api, 'London is the capital of England.\n\n```\ncode\n```\n', 'markdown');
    const actionsAt = async (text: string) => {
      const { start } = rangeOf(document, text);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(start, start),
        vscode.CodeActionKind.RefactorRewrite.value,
      );
      return actions.map(({ title, command }) => `${title}: ${command?.command}`);
    };
    assert.deepEqual(await actionsAt('England'), ['Alternatives for “England”: subtext.fillMask']);
    assert.deepEqual(await actionsAt('code'), []);
  });

  it('is offered as completion at a mask token', async () => {
    const document = await analyzed(api, 'London is the capital of [MASK].');
    const { end } = rangeOf(document, '[MASK]');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      end,
    );
    const ours = items.filter(({ filterText }) => filterText === '[MASK]');
    assert.equal(ours.length, 10);
    const [first] = ours;
    assert.ok(first);
    assert.deepEqual(toRange(first), rangeOf(document, '[MASK]'));
  });

  it('offers nothing where no mask token is', async () => {
    const document = await analyzed(api, 'London is the capital of England.');
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      rangeOf(document, 'England').end,
    );
    assert.deepEqual(
      items.filter(({ sortText }) => sortText === '0000'),
      [],
    );
  });
});

function toRange({ range }: vscode.CompletionItem): vscode.Range | undefined {
  return range instanceof vscode.Range ? range : range?.replacing;
}
