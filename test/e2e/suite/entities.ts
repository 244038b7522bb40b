import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SubtextApi } from '../../../client/src/api';
import {
  activate,
  analyzed,
  closeEditors,
  marks,
  openFile,
  rangeOf,
  reachMarks,
  reachStatus,
} from './subtext';

const curie = [
  ['Marie Curie', 'PER'],
  ['Paris', 'LOC'],
] as const;

describe('entities', () => {
  let api: SubtextApi;
  before(async () => {
    api = await activate();
  });
  afterEach(closeEditors);

  const texts: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
    ['English', 'Marie Curie worked in Paris.', curie],
    [
      'Chinese',
      '李娜住在北京。',
      [
        ['李娜', 'PER'],
        ['北京', 'LOC'],
      ],
    ],
    ['Arabic', 'سافر الرئيس إلى مصر.', [['مصر', 'LOC']]],
    ['text behind emoji', '😀👩🏽‍💻\n\nMarie Curie worked in Paris.', curie],
  ];
  for (const [name, content, expected] of texts) {
    it(`are found in ${name}`, async () => {
      const document = await analyzed(api, content);
      await reachMarks(api, document, expected);
    });
  }

  it('are found in a file with CRLF line ends', async () => {
    const document = await openFile(
      'crlf.txt',
      'First line.\r\nSecond line.\r\n\r\nMarie Curie worked in Paris.\r\n',
    );
    await reachStatus(api, document, 'complete');
    await reachMarks(api, document, curie);
    const [, paris] = api.entities(document.uri) ?? [];
    assert.deepEqual(
      document.positionAt(paris?.start ?? 0),
      new vscode.Position(3, 'Marie Curie worked in '.length),
    );
  });

  it('are not looked for in code of a Markdown document', async () => {
    const content =
      '# Notes\n\n`Marie Curie` and:\n\n```\nMarie Curie worked in Paris.\n```\n\nMarie **Cu**rie worked in Paris.\n';
    const document = await analyzed(api, content, 'markdown');
    await reachMarks(api, document, [
      ['Marie **Cu**rie', 'PER'],
      ['Paris', 'LOC'],
    ]);
  });

  it('move with the text while it is edited', async () => {
    const document = await analyzed(api, 'Some words. \n\nMarie Curie worked in Paris.\n');
    await reachMarks(api, document, curie);
    for (const inserted of ['😀', '汉字', 'عربي', 'e\u0301', '\n', '👩🏽‍💻 ']) {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), inserted);
      assert.ok(await vscode.workspace.applyEdit(edit));
      // Before any answer could arrive: nothing flickers, nothing is off by one.
      assert.deepEqual(marks(api, document), curie);
    }
    await reachStatus(api, document, 'complete');
    assert.deepEqual(
      marks(api, document).filter(([text]) => text !== '汉字'),
      curie,
    );
  });

  it('follow an edit of the entity itself', async () => {
    const document = await analyzed(api, 'Marie Curie worked in Paris.');
    await reachMarks(api, document, curie);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, 'Paris'), 'London');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await reachMarks(api, document, [curie[0], ['London', 'LOC']]);
    await vscode.commands.executeCommand('undo');
    await reachMarks(api, document, curie);
  });
});
