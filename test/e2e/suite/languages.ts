import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, analyzed, closeEditors, marks, rangeOf } from './subtext';

describe('languages', () => {
  after(closeEditors);

  it('leaves out sentences in a language that the model does not know, and says so', async () => {
    const api = await activate();
    const foreign = 'Tarkastaja matkusti aamulla Helsinkiin katsomaan uusia taloja ja puistoja.';
    const document = await analyzed(api, `Marie Curie worked in Paris.\n\n${foreign}\n`);
    assert.deepEqual(
      marks(api, document).map(([text]) => text),
      ['Marie Curie', 'Paris'],
    );
    assert.deepEqual(api.documentState(document.uri)?.leftOut, { fi: 1 });
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      rangeOf(document, 'Helsinkiin').start,
    );
    const [content] = hovers.flatMap(({ contents }) => contents);
    assert.equal(
      content instanceof vscode.MarkdownString ? content.value : content,
      'This sentence is not analyzed: the model does not know Finnish.',
    );
  });
});
