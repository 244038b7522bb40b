import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { activate, analyzed, closeEditors, rangeOf } from './subtext';

describe('inspect tokens', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  it('shows the tokens of the sentence at the cursor in a preview', async () => {
    const document = await analyzed(api, 'It rains.\n\nLondon is **big**, 𐀀.\n', 'markdown');
    const editor = await vscode.window.showTextDocument(document);
    const { start } = rangeOf(document, 'big');
    editor.selection = new vscode.Selection(start, start);
    await vscode.commands.executeCommand('subtext.inspectTokens');
    const page = await vscode.workspace.openTextDocument(vscode.Uri.parse('subtext-tokens:/Tokens.md'));
    const text = page.getText();
    assert.match(text, /^# Tokens\n\n> London is big, 𐀀\.\n/);
    assert.match(text, /\| ▁London \| \d+ \| 0–6 \| London \| 0 \| B-LOC /);
    assert.match(text, /added by the model/);
  });
});
