import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import { findProcesses } from './processes';
import { activate, analyzed, closeEditors, nextChange, open, reachMarks, reachStatus } from './subtext';

const curie = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;

describe('recovery', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  const engineStatus = () => api.engineStates()[0]?.status;

  it('from a killed inference process in the middle of a document', async function () {
    if (process.platform === 'win32') this.skip();
    const [inference, ...others] = await findProcesses('inference.js');
    assert.ok(inference);
    assert.deepEqual(others, []);
    const sentences = Array.from(
      { length: 3_000 },
      (_, index) => `It rained on day ${index} of that long year.`,
    );
    const restarting = nextChange(
      api,
      'the restart of the model',
      ({ kind }) => kind === 'engines' && engineStatus() === 'restarting',
    );
    // Listened for before the document is there: by the time it is shown the analysis may be over.
    const killed = nextChange(
      api,
      'the analysis to begin',
      (change) =>
        change.kind === 'document' && api.documentState(vscode.Uri.parse(change.uri))?.status === 'analyzing',
    ).then(() => process.kill(inference, 'SIGKILL'));
    const document = await open(`${sentences.join('\n\n')}\n\nMarie Curie worked in Paris.\n`);
    await Promise.all([killed, restarting]);
    await reachStatus(api, document, 'complete');
    assert.equal(engineStatus(), 'ready');
    const found = (api.entities(document.uri) ?? []).slice(-2);
    assert.deepEqual(
      found.map(({ start, end, type }) => [document.getText().slice(start, end), type]),
      curie,
    );
    assert.equal((await findProcesses('inference.js')).includes(inference), false);
  });

  it('by the command that restarts the server', async () => {
    const servers = await findProcesses('server.js');
    const document = await analyzed(api, 'Marie Curie worked in Paris.');
    await reachMarks(api, document, curie);
    await vscode.commands.executeCommand('subtext.restartServer');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'Yes! ');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await reachStatus(api, document, 'complete');
    await reachMarks(api, document, curie);
    const now = await findProcesses('server.js');
    assert.equal(now.length, 1);
    assert.notDeepEqual(now, servers);
    assert.equal((await findProcesses('inference.js')).length, 1);
  });
});
