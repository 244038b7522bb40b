import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ApplyWorkspaceEditRequest,
  type CodeAction,
  CodeActionRequest,
  CodeActionTriggerKind,
  type Diagnostic,
  DidChangeWatchedFilesNotification,
  ExecuteCommandRequest,
  FileChangeType,
  HoverRequest,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { AnalyzeDocumentRequest } from '../../server/src/protocol/protocol';
import {
  type RuleChoice,
  RulesChangedNotification,
  type RulesChangedParams,
} from '../../server/src/protocol/rules';
import { endlessDevice, hasSpecialFiles, makePipe } from '../support/specialFiles';
import { change, TestClient } from './testClient';

let folder = '';
let root = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-rules-'));
  root = pathToFileURL(folder).href;
});
afterEach(() => rm(folder, { recursive: true }));

const rulePath = () => join(folder, '.subtext.json');
const writeRules = (text: string) => writeFile(rulePath(), text);

const start = (settings: unknown = {}, rules = true) =>
  TestClient.start({
    settings,
    rootUri: root,
    initializationOptions: { entities: true, diagnostics: 'push', rules },
  });

/** The entities that stand at last in a document, of one that was sent as a whole. */
const shown = (client: TestClient): unknown[] =>
  client.entities
    .at(-1)
    ?.regions.flatMap(({ entities }) => entities.map(({ type, start }) => `${type}@${start}`)) ?? [];

async function actionsAt(
  client: TestClient,
  uri: string,
  character: number,
  diagnostics: Diagnostic[] = [],
  triggerKind: CodeActionTriggerKind = CodeActionTriggerKind.Invoked,
): Promise<CodeAction[]> {
  const at = { line: 0, character };
  const answer = await client.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start: at, end: at },
    context: { diagnostics, triggerKind },
  });
  return (answer ?? []) as CodeAction[];
}

describe('rules', () => {
  it('of the workspace and the settings decide what is shown', async () => {
    await writeRules('{"ignore": {"words": ["ada"]}, "gazetteer": [{"text": "moon", "type": "PLANET"}]}');
    const client = await start({ ignore: { types: ['PER'] }, entities: { thresholds: { LOC: 0.95 } } });
    const uri = await client.open('Ada saw Berlin and the moon.\n', { uri: `${root}/a.md` });
    expect(shown(client)).toEqual(['PLANET@23']);
    const hover = await client.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line: 0, character: 24 },
    });
    expect(JSON.stringify(hover?.contents)).toContain('**PLANET** · moon · From the gazetteer');
    await client.stop();
  });

  it('are read again when the file comes, changes and goes, without inference', async () => {
    const client = await start();
    await client.open('Ada saw Berlin.\n', { uri: `${root}/a.md` });
    const { length } = client.engine.requests;
    const reach = async (type: FileChangeType, expected: readonly string[]) => {
      await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: `${root}/.subtext.json`, type }],
      });
      await client.until(() => (String(shown(client)) === String(expected) ? true : undefined));
    };
    expect(shown(client)).toEqual(['PER@0', 'LOC@8']);
    await writeRules('{"ignore": {"words": ["Ada"]}, "wrong": 1}');
    await reach(FileChangeType.Created, ['LOC@8']);
    expect(client.lastDiagnostics(`${root}/.subtext.json`)?.diagnostics).toHaveLength(1);
    // Another branch has another file.
    await writeRules('{"thresholds": {"loc": 1}}');
    await reach(FileChangeType.Changed, ['PER@0']);
    await rm(join(folder, '.subtext.json'));
    await reach(FileChangeType.Deleted, ['PER@0', 'LOC@8']);
    expect(client.lastDiagnostics(`${root}/.subtext.json`)?.diagnostics).toEqual([]);
    expect(client.engine.requests.length).toBe(length);
    await client.stop();
  });

  const broken: readonly (readonly [string, () => unknown, string])[] = [
    ['of ten thousand brackets', () => writeRules('['.repeat(10_000)), 'nested deeper than 100 levels'],
    [
      'of deep lists',
      () => writeRules(`{"ignore": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`),
      'nested deeper than 100 levels',
    ],
    ['that is a folder', () => mkdir(rulePath()), 'this is a directory, not a file'],
  ];
  const special: typeof broken = [
    ['that is a pipe', () => makePipe(rulePath()), 'this is a pipe, not a regular file'],
    ['that never ends', () => symlink(endlessDevice, rulePath()), 'this is a device, not a regular file'],
  ];
  it.each(hasSpecialFiles ? [...broken, ...special] : broken)(
    '%s are a problem, and documents are analyzed',
    async (_, make, message) => {
      await make();
      const client = await start();
      const uri = await client.open('Ada saw Berlin.\n', { uri: `${root}/a.md` });
      expect(shown(client)).toEqual(['PER@0', 'LOC@8']);
      expect(client.lastDiagnostics(`${root}/.subtext.json`)?.diagnostics).toMatchObject([
        { code: 'rules', message },
      ]);
      // Nobody writes into what cannot be read.
      await expect(
        client.connection.sendRequest(ExecuteCommandRequest.type, {
          command: 'subtext.changeRules',
          arguments: [{ uri, target: 'workspace', change: { kind: 'ignoreWord', text: 'Ada' } }],
        }),
      ).rejects.toThrow('.subtext.json has errors. Correct them first.');
      await client.stop();
    },
  );

  it('of single mentions and sentences hold for their file', async () => {
    await writeRules(
      JSON.stringify({
        ignore: {
          mentions: [{ file: 'docs/a b.md', text: 'Ada', type: 'PER', before: '', after: ' saw Berlin.' }],
          sentences: [{ file: 'docs/a b.md', text: 'It was terrible.' }],
        },
      }),
    );
    const client = await start();
    const text = 'Ada saw Berlin. Ada slept.\n\nIt was **terrible**.\n';
    const uri = await client.open(text, { uri: `${root}/docs/a%20b.md` });
    expect(shown(client)).toEqual(['LOC@8', 'PER@16']);
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    const other = await client.open(text, { uri: `${root}/a%20b.md` });
    expect(shown(client)).toEqual(['PER@0', 'LOC@8', 'PER@16']);
    expect(client.lastDiagnostics(other)?.diagnostics).toHaveLength(1);
    await client.stop();
  });

  it('say what is wrong in the file, and hold as far as they are right', async () => {
    await writeRules('{\n  "ignore": { "words": ["Ada", 3] }\n}\n');
    const client = await start();
    await client.open('Ada saw Berlin.\n', { uri: `${root}/a.md` });
    expect(shown(client)).toEqual(['LOC@8']);
    // Open or not: an editor that opens the file does not make it right.
    await client.open('{}', { uri: `${root}/.subtext.json`, languageId: 'jsonc' });
    await client.roundTrip();
    expect(client.lastDiagnostics(`${root}/.subtext.json`)?.diagnostics).toEqual([
      {
        range: { start: { line: 1, character: 31 }, end: { line: 1, character: 32 } },
        severity: 2,
        source: 'subtext',
        code: 'rules',
        message: 'expected an object',
      },
    ]);
    await client.stop();
  });

  it.each([
    ['a glob in settings', { ignore: { files: ['drafts/**'] } }, ''],
    ['a name in settings', { ignore: { files: ['a *.md'] } }, ''],
    ['a glob in the file', {}, '{"ignore": {"files": ["**/a*.md"]}}'],
    ['a language', {}, '{"ignore": {"languages": ["markdown"]}}'],
  ])('leave out documents by %s', async (_, settings, rules) => {
    await writeRules(rules);
    const client = await start(settings);
    const uri = await client.open('Ada.\n', { uri: `${root}/drafts/a%20b.md` });
    expect(client.states.at(-1)).toMatchObject({ uri, status: 'skipped', reason: 'ignored' });
    await client.stop();
  });
});

describe('comments in a document', () => {
  it('hide entities and sentences, and show them again when they go', async () => {
    const client = await start();
    const text =
      'Ada.\n\n<!-- subtext:ignore-start -->\n\nBerlin was terrible.\n\n<!-- subtext:ignore-end -->\n\nAda.\n';
    const uri = await client.open(text, { uri: `${root}/a.md` });
    expect(shown(client)).toEqual(['PER@0', `PER@${text.lastIndexOf('Ada')}`]);
    expect(client.lastDiagnostics(uri)?.diagnostics).toEqual([]);
    await client.edit(uri, 2, change(2, 0, 2, 29, ''));
    await client.complete(uri, 2);
    expect(shown(client)).toContain(`LOC@${text.indexOf('Berlin') - 29}`);
    await client.until(() => (client.lastDiagnostics(uri)?.diagnostics.length === 1 ? true : undefined));
    await client.stop();
  });

  it('hide a whole file, unless the user asks for it', async () => {
    const client = await start();
    const uri = await client.open('Ada.\n\n<!-- subtext:ignore-file -->\n', { uri: `${root}/a.md` });
    expect(client.states.at(-1)).toMatchObject({ status: 'skipped', reason: 'ignored' });
    const { entities } = await client.connection.sendRequest(AnalyzeDocumentRequest.type, {
      textDocument: { uri },
    });
    expect(entities).toEqual({ PER: 1 });
    await client.stop();
  });
});

const rareTitles = [
  'Ignore “Berlin” as LOC in this workspace (.subtext.json)',
  'Ignore all LOC in this workspace (.subtext.json)',
  'Ignore this file (.subtext.json)',
  'Ignore all “markdown” files in this workspace (.subtext.json)',
];

describe('code actions', () => {
  it('say in a stable order what they ignore and where they write it', async () => {
    const client = await start();
    const uri = await client.open('Ada saw Berlin.\n', { uri: `${root}/a.md` });
    const actions = await actionsAt(client, uri, 9);
    expect(actions.map(({ title, kind }) => `${kind}: ${title}`)).toEqual([
      'quickfix: Ignore “Berlin” only here (.subtext.json)',
      'quickfix: Ignore “Berlin” in this workspace (.subtext.json)',
      'quickfix: Ignore “Berlin” in user settings',
      'quickfix: Ignore this line (comment in this file)',
      'quickfix: Ignore more…',
    ]);
    expect(actions[3]?.edit).toEqual({
      changes: {
        [uri]: [
          {
            range: { start: { line: 0, character: 15 }, end: { line: 0, character: 15 } },
            newText: ' <!-- subtext:ignore-line -->',
          },
        ],
      },
    });
    const choices = actions[4]?.command?.arguments?.[0] as readonly RuleChoice[];
    expect(choices.map(({ title }) => title)).toEqual(rareTitles);
    expect(await actionsAt(client, uri, 5)).toEqual([]);
    expect(await actionsAt(client, uri, 9, [], CodeActionTriggerKind.Automatic)).toEqual([]);
    await client.stop();
  });

  it('stand all by themselves in other editors', async () => {
    const client = await start({}, false);
    const uri = await client.open('Ada saw Berlin.\n', { uri: `${root}/a.md` });
    expect((await actionsAt(client, uri, 9)).map(({ title }) => title)).toEqual([
      'Ignore “Berlin” only here (.subtext.json)',
      'Ignore “Berlin” in this workspace (.subtext.json)',
      'Ignore this line (comment in this file)',
      ...rareTitles,
    ]);
    await client.stop();
  });

  it('are there for diagnostics of sentences, and outside of folders', async () => {
    const client = await start();
    const titles = async (uri: string) => {
      const diagnostics = client.lastDiagnostics(uri)?.diagnostics ?? [];
      expect(diagnostics).toHaveLength(1);
      const actions = await actionsAt(client, uri, 3, diagnostics, CodeActionTriggerKind.Automatic);
      for (const action of actions) expect(action.diagnostics).toEqual(diagnostics);
      return actions.map(({ title }) => title);
    };
    expect(await titles(await client.open('It was terrible.\n'))).toEqual([
      'Ignore this line (comment in this file)',
      'Ignore this file (comment in this file)',
    ]);
    expect(await titles(await client.open('It was terrible.\n', { uri: `${root}/a.md` }))).toEqual([
      'Ignore this sentence (.subtext.json)',
      'Ignore this line (comment in this file)',
      'Ignore more…',
    ]);
    await client.stop();
  });

  it('write no rule file where it could not be read', async () => {
    const client = await TestClient.start({
      rootUri: 'vscode-vfs://github/owner/repository',
      initializationOptions: { entities: true, diagnostics: 'push', rules: true },
    });
    const uri = await client.open('Ada.\n', { uri: 'vscode-vfs://github/owner/repository/a.md' });
    expect((await actionsAt(client, uri, 1)).map(({ title }) => title)).toEqual([
      'Ignore “Ada” in user settings',
      'Ignore this line (comment in this file)',
      'Ignore this file (comment in this file)',
    ]);
    await client.stop();
  });

  it('put comments around selected lines', async () => {
    const client = await start();
    const uri = await client.open('One.\n\nAda.\nBob.\n\nEnd.\n', { uri: `${root}/a.md` });
    const select = (line: number, character: number) =>
      client.connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: { line: 1, character: 0 }, end: { line, character } },
        context: { diagnostics: [], triggerKind: CodeActionTriggerKind.Invoked },
      });
    const insert = (line: number, character: number, newText: string) => ({
      range: { start: { line, character }, end: { line, character } },
      newText,
    });
    expect(await select(4, 0)).toEqual([
      {
        title: 'Ignore these lines (comments in this file)',
        kind: 'quickfix',
        diagnostics: [],
        edit: {
          changes: {
            [uri]: [
              insert(1, 0, '<!-- subtext:ignore-start -->\n'),
              insert(3, 4, '\n<!-- subtext:ignore-end -->'),
            ],
          },
        },
      },
    ]);
    expect(await select(2, 0)).toEqual([]);
    await client.stop();
  });

  it('offer no comment where a language has none', async () => {
    const client = await start();
    const uri = await client.open('Ada.\n', { uri: `${root}/a.txt`, languageId: 'plaintext' });
    const titles = (await actionsAt(client, uri, 1)).map(({ title }) => title);
    expect(titles.filter((title) => title.includes('comment'))).toEqual([]);
    expect(titles).toHaveLength(4);
    await client.stop();
  });
});

describe('writing rules', () => {
  async function run(
    client: TestClient,
    params: unknown,
  ): Promise<{ edits: WorkspaceEdit[]; told: RulesChangedParams[] }> {
    const edits: WorkspaceEdit[] = [];
    const told: RulesChangedParams[] = [];
    client.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      edits.push(edit);
      return { applied: true };
    });
    client.connection.onNotification(RulesChangedNotification.type, (changed) => {
      told.push(changed);
    });
    await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: 'subtext.changeRules',
      arguments: [params],
    });
    await client.roundTrip();
    return { edits, told };
  }
  const begin = { line: 0, character: 0 };

  it('makes the file where there is none', async () => {
    const client = await start();
    const uri = await client.open('Ada.\n', { uri: `${root}/a.md` });
    const [, word] = await actionsAt(client, uri, 1);
    const { edits, told } = await run(client, word?.command?.arguments?.[0]);
    const newText = '{\n  "ignore": {\n    "words": [\n      "Ada"\n    ]\n  }\n}\n';
    const file = `${root}/.subtext.json`;
    expect(edits).toEqual([
      {
        documentChanges: [
          { kind: 'create', uri: file, options: { ignoreIfExists: true } },
          {
            textDocument: { uri: file, version: null },
            edits: [{ range: { start: begin, end: begin }, newText }],
          },
        ],
      },
    ]);
    expect(told).toEqual([
      {
        target: 'workspace',
        uri: file,
        message: '“Ada” is ignored in this workspace.',
        undo: [{ range: { start: begin, end: { line: 7, character: 0 } }, newText: '' }],
      },
    ]);
    await client.stop();
  });

  it.each([
    [
      'Ignore “Ada” only here',
      'mentions',
      '{ "file": "b/a (1).md", "text": "Ada", "type": "PER", "before": "", "after": "." }',
    ],
    ['Ignore this file', 'files', String.raw`"/b/a \\(1\\).md"`],
    ['Ignore all “markdown” files', 'languages', '"markdown"'],
  ])('%s', async (title, list, value) => {
    const client = await start({}, false);
    const uri = await client.open('Ada.\n', { uri: `${root}/b/a%20%281%29.md` });
    const action = (await actionsAt(client, uri, 1)).find((one) => one.title.startsWith(title));
    const { edits } = await run(client, action?.command?.arguments?.[0]);
    const [, change] = edits[0]?.documentChanges ?? [];
    const written = `{\n  "ignore": {\n    "${list}": [\n      ${value}\n    ]\n  }\n}\n`;
    expect(change).toMatchObject({ edits: [{ newText: written }] });
    // It does what it says.
    await writeRules(written);
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri: `${root}/.subtext.json`, type: FileChangeType.Created }],
    });
    await client.until(() => (shown(client).length === 0 ? true : undefined));
    await client.stop();
  });

  it('leaves settings to the client', async () => {
    const client = await start();
    const uri = await client.open('Ada.\n', { uri: `${root}/a.md` });
    const user = (await actionsAt(client, uri, 1)).find(({ title }) => title.endsWith('user settings'));
    expect(await run(client, user?.command?.arguments?.[0])).toEqual({
      edits: [],
      told: [{ target: 'user', word: 'Ada', message: '“Ada” is ignored everywhere.' }],
    });
    await client.stop();
  });

  it('imports entries', async () => {
    await writeRules('{ "gazetteer": [{ "text": "a", "type": "X" }] }');
    const client = await start();
    const change = {
      kind: 'importEntries',
      name: 'p.jsonl',
      content: '{"label":"ORG","pattern":"Acme"}\n{}',
      type: 'X',
    };
    const { edits, told } = await run(client, { uri: `${root}/a.md`, target: 'workspace', change });
    expect(JSON.stringify(edits)).toContain(
      JSON.stringify(',\n    { "text": "Acme", "type": "ORG", "caseSensitive": true }'),
    );
    expect(told[0]?.message).toBe('1 entries added to the gazetteer; 1 could not be used.');
    await client.stop();
  });

  it.each([
    ['what is there already', '{ "ignore": { "types": ["X"] } }', 'This is in .subtext.json already.'],
    ['into a broken file', '{ "ignore": ', '.subtext.json has errors. Correct them first.'],
  ])('does not write %s', async (_, rules, message) => {
    await writeRules(rules);
    const client = await start();
    const change = { kind: 'ignoreType', type: 'X' };
    await expect(run(client, { uri: `${root}/a.md`, target: 'workspace', change })).rejects.toThrow(message);
    await client.stop();
  });
});
