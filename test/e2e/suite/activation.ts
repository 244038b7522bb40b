import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activate, closeEditors, extensionId, open, waitFor } from './subtext';

describe('activation', () => {
  after(closeEditors);

  it('starts the server and the model for a text', async () => {
    await open('Marie Curie worked in Paris.');
    const api = await activate();
    await waitFor('the server to run', [api.onDidChangeState], () =>
      api.serverState().status === 'running' ? true : undefined,
    );
    const engine = await waitFor('the model to be ready', [api.onDidChangeState], () => {
      const [state] = api.engineStates();
      return state?.status === 'ready' ? state : undefined;
    });
    assert.equal(engine.model, 'subtext-base');
    assert.equal(engine.device, 'cpu');
  });

  it('registers every command that the manifest contributes', async () => {
    const manifest: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON;
    const { contributes } = manifest as { contributes: { commands: { command: string }[] } };
    const contributed = contributes.commands.map(({ command }) => command).sort();
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.ok(contributed.length > 0);
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
