import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import {
  activate,
  analyzed,
  closeEditors,
  marks,
  open,
  reachMarks,
  reachStatus,
  withSettings,
} from './subtext';

const curie = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;
const text = 'Marie Curie worked in Paris.\n';

describe('while one types', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  it('marks move with the text, and the word is judged when it is left', async () => {
    const document = await analyzed(api, text);
    await reachMarks(api, document, curie);
    await put('She and ');
    await reachStatus(api, document, 'complete');
    await reachMarks(api, document, curie);
    // The first letters of a word: nothing is asked, so the state stays what it is until the word is left.
    // At once, since who pauses has finished the word.
    await vscode.commands.executeCommand('type', { text: 'Pari' });
    assert.deepEqual(marks(api, document), curie);
    const { version } = document;
    await put('s, ');
    const state = await reachStatus(api, document, 'complete');
    assert.ok(state.version > version);
  });

  it('nothing is judged until it is saved, where the user wants that', () =>
    withSettings({ run: 'onSave' }, async () => {
      const document = await analyzed(api, text);
      await reachMarks(api, document, curie);
      await put('Then ');
      const state = await reachStatus(api, document, 'waiting');
      assert.equal(state.awaits, 'save');
      await reachMarks(api, document, curie);
      assert.ok(await document.save());
      await reachStatus(api, document, 'complete');
      await reachMarks(api, document, curie);
    }));

  it('nothing is judged until it is asked for, where the user wants that', () =>
    withSettings({ run: 'manual' }, async () => {
      const document = await open('Marie Curie worked by hand in Paris.\n');
      const state = await reachStatus(api, document, 'waiting');
      assert.equal(state.awaits, 'request');
      assert.deepEqual(marks(api, document), []);
      await vscode.commands.executeCommand('subtext.analyzeDocument');
      await reachStatus(api, document, 'complete');
      await reachMarks(api, document, curie);
    }));
});

/** Types a text at the start of the active editor, or where typing went on. */
async function put(letters: string): Promise<void> {
  for (const letter of letters) await vscode.commands.executeCommand('type', { text: letter });
}
