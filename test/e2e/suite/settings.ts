import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { findProcesses } from './processes';
import { activate, analyzed, closeEditors, reachMarks, waitFor, withSettings } from './subtext';

const curie = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;

describe('settings', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  it('take effect without a restart', async () => {
    const servers = await findProcesses('server.js');
    const document = await analyzed(api, 'Marie Curie worked in Paris.');
    await reachMarks(api, document, curie);
    await withSettings({ 'entities.threshold': 1 }, () => reachMarks(api, document, []).then(() => {}));
    await reachMarks(api, document, curie);
    assert.equal(servers.length, 1);
    assert.deepEqual(await findProcesses('server.js'), servers);
  });

  it('change the severity of diagnostics, and turn them off', async () => {
    const document = await analyzed(api, '太糟糕了，我非常失望。');
    await reachSeverities(document, [vscode.DiagnosticSeverity.Information]);
    await withSettings({ 'sentiment.diagnostics': 'warning' }, () =>
      reachSeverities(document, [vscode.DiagnosticSeverity.Warning]),
    );
    await withSettings({ 'sentiment.diagnostics': 'off' }, () => reachSeverities(document, []));
    await reachSeverities(document, [vscode.DiagnosticSeverity.Information]);
  });

  it('toggle entities by command', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.');
    await reachMarks(api, document, curie);
    await vscode.commands.executeCommand('subtext.toggleEntities');
    await reachMarks(api, document, []);
    await vscode.commands.executeCommand('subtext.toggleEntities');
    await reachMarks(api, document, curie);
  });

  it('toggle sentiment by command', async () => {
    const document = await analyzed(api, '太糟糕了，我非常失望。');
    await reachSeverities(document, [vscode.DiagnosticSeverity.Information]);
    await vscode.commands.executeCommand('subtext.toggleSentiment');
    await reachSeverities(document, []);
    await vscode.commands.executeCommand('subtext.toggleSentiment');
    await reachSeverities(document, [vscode.DiagnosticSeverity.Information]);
  });
});

async function reachSeverities(
  document: vscode.TextDocument,
  expected: readonly vscode.DiagnosticSeverity[],
): Promise<void> {
  await waitFor(`diagnostics of severity ${expected}`, [vscode.languages.onDidChangeDiagnostics], () => {
    const severities = vscode.languages.getDiagnostics(document.uri).map(({ severity }) => severity);
    return JSON.stringify(severities) === JSON.stringify(expected) ? true : undefined;
  });
}
