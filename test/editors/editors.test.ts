import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findExecutable } from '../support/executables';
import { root } from '../support/paths';
import { runToEnd } from '../support/processes';

/*
 * The server over stdio in two editors whose LSP clients nobody of this project wrote. Each script opens the
 * same document and prints what the editor itself then knows: the text below each diagnostic, and a hover.
 */

interface Session {
  readonly diagnostics: readonly { readonly message: string; readonly text: string }[];
  readonly hover: string;
}

const negative = '太糟糕了，我非常失望。';
const entity = 'Marie Curie';
/** Characters of one, two, three and four UTF-8 bytes stand before the texts that have to be found. */
const document = `Größe 你好 😀 ${entity} worked in Paris.\n\n😀 ${negative} Grüße aus Paris.\n`;
const sessionTimeout = 110_000;

const neovim = findExecutable('nvim');
const emacs = findExecutable('emacs');
const hasEglot =
  emacs !== undefined && spawnSync(emacs, ['--batch', '--eval', "(require 'eglot)"]).status === 0;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'subtext-editors-'));
  await writeFile(join(folder, 'document.txt'), document);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs an editor on the document. @returns what its script printed. */
async function session(command: string, args: readonly string[]): Promise<Session> {
  const { code, timedOut, stdout, stderr } = await runToEnd(command, args, {
    cwd: folder,
    timeout: sessionTimeout,
    env: {
      ...process.env,
      HOME: folder,
      XDG_STATE_HOME: folder,
      XDG_CACHE_HOME: folder,
      LC_ALL: 'C.UTF-8',
      SUBTEXT_NODE: process.execPath,
      SUBTEXT_SERVER: join(root, 'dist/server.js'),
      SUBTEXT_DOCUMENT: join(folder, 'document.txt'),
      SUBTEXT_HOVER: entity,
    },
  });
  expect({ code, timedOut }, stderr).toEqual({ code: 0, timedOut: false });
  return JSON.parse(stdout) as Session;
}

function expectResults({ diagnostics, hover }: Session): void {
  expect(diagnostics.map(({ text }) => text)).toEqual([`😀 ${negative}`]);
  expect(diagnostics[0]?.message).toMatch(/strongly negative/);
  expect(hover).toContain(entity);
  expect(hover).toMatch(/Person/);
}

describe.skipIf(!neovim)('Neovim', () => {
  test('shows a diagnostic and a hover', async () => {
    const script = join(root, 'test/editors/session.lua');
    const args = ['--headless', '--clean', '-n', '-c', `luafile ${script}`];
    expectResults(await session(neovim ?? '', args));
  });
});

describe.skipIf(!hasEglot)('Emacs with Eglot', () => {
  test('shows a diagnostic and a hover', async () => {
    const script = join(root, 'test/editors/session.el');
    expectResults(await session(emacs ?? '', ['--batch', '--load', script]));
  });
});
