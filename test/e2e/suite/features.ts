import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { activate, analyzed, closeEditors, rangeOf, waitFor } from './subtext';

const negative = '太糟糕了，我非常失望。';
const text = `Marie Curie worked in Paris.\n\n😀 ${negative}\n\nParis is a city, and Marie Curie loved it.\n`;

/** What the editor would show, asked for through its own commands. */
describe('language features', () => {
  let api: SubtextApi;
  let document: vscode.TextDocument;
  before(async () => {
    api = await activate();
    document = await analyzed(api, text);
  });
  after(closeEditors);

  const at = (what: string) => rangeOf(document, what).start.translate(0, 1);

  it('reports a strongly negative sentence at its exact range', async () => {
    const [diagnostic, ...others] = await waitFor(
      'a diagnostic',
      [vscode.languages.onDidChangeDiagnostics],
      () => {
        const all = vscode.languages.getDiagnostics(document.uri);
        return all.length > 0 ? all : undefined;
      },
    );
    assert.deepEqual(others, []);
    assert.ok(document.getText(diagnostic?.range).includes(negative));
    assert.equal(diagnostic?.range.start.line, 2);
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Information);
    assert.equal(diagnostic.source, 'subtext');
    assert.match(diagnostic.message, /strongly negative/);
  });

  it('shows type, confidence and mentions of an entity in a hover', async () => {
    const hover = await hoverText(document, at('Marie Curie'));
    assert.match(hover, /Person/);
    assert.match(hover, /Marie Curie/);
    assert.match(hover, /\d+ %/);
    assert.match(hover, /2 mentions/);
  });

  it('shows the sentiment of a sentence and of the document in a hover', async () => {
    const hover = await hoverText(document, at('糟糕'));
    assert.match(hover, /\*\*negative\*\* \d+ %/);
    assert.match(hover, /1 negative/);
  });

  it('lists entities by type as document symbols', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const outline = symbols.map(({ name, children }) => [
      name,
      children.map((child) => [child.name, child.detail]),
    ]);
    assert.deepEqual(outline, [
      ['Person', [['Marie Curie', '×2']]],
      ['Location', [['Paris', '×2']]],
    ]);
  });

  it('highlights the other mentions of the entity at the cursor', async () => {
    const highlights = await vscode.commands.executeCommand<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      document.uri,
      at('Paris'),
    );
    const second = text.indexOf('Paris is');
    assert.deepEqual(
      highlights.map(({ range }) => range),
      [rangeOf(document, 'Paris'), rangeOf(document, 'Paris', second)],
    );
  });

  it('lists the mentions of an entity as references', async () => {
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      at('Marie Curie'),
    );
    const second = text.indexOf('Marie Curie loved');
    assert.deepEqual(
      references.map(({ range }) => range),
      [rangeOf(document, 'Marie Curie'), rangeOf(document, 'Marie Curie', second)],
    );
  });
});

async function hoverText(document: vscode.TextDocument, position: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n\n');
}
