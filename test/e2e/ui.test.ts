import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/executables';
import { cacheFolder, root } from '../support/paths';
import { openBrowser, type View, workbenchUrl } from './harness/browser';
import { type CodeServer, startCodeServer } from './harness/codeServer';
import { EditorPage } from './harness/editorPage';
import { packageExtension } from './harness/packageExtension';
import { findWorkbench } from './harness/workbench';

/** What a person sees and does, with the package installed as a person installs it. */

const story = `Marie Curie worked in Paris.

😀 太糟糕了，我非常失望。

London is the capital of [MASK].
`;

const workbench = findBrowser() ? await findWorkbench() : undefined;

describe.skipIf(!workbench)('the workbench', () => {
  let folder: string;
  let server: CodeServer;
  let view: View;
  let editor: EditorPage;

  beforeAll(async () => {
    if (!workbench) return;
    folder = await mkdtemp(join(tmpdir(), 'subtext-workspace-'));
    await cp(join(root, 'samples'), folder, { recursive: true });
    await writeFile(join(folder, 'story.txt'), story);
    server = await startCodeServer(workbench, { vsix: [await packageExtension()] });
    view = await openBrowser();
    editor = new EditorPage(view.page);
    await editor.load(workbenchUrl(server, { folder }));
    await editor.openFile('story.txt');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const evidence = join(cacheFolder, 'e2e/ui', task.name.replace(/\W+/g, '-'));
    await mkdir(evidence, { recursive: true });
    await view.page.screenshot({ path: join(evidence, 'screenshot.png') });
    await server.saveLogs(evidence);
  });

  afterAll(async () => {
    await view?.close();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  test('marks entities exactly below their words, each type in its way', async () => {
    const marks = editor.page.locator('.view-overlays .cdr[class*="ced-"]');
    await expect.poll(() => marks.count(), { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
    const seen = await marks.evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, width } = element.getBoundingClientRect();
        const { backgroundColor, borderBottomStyle, borderBottomColor } =
          element.ownerDocument.defaultView.getComputedStyle(element);
        return { x, y, width, style: { backgroundColor, borderBottomStyle, borderBottomColor } };
      }),
    );
    const markOf = async (text: string) => {
      const box = await editor.boxOf(text);
      const near = (a: number, b: number) => Math.abs(a - b) <= 1.5;
      return seen.find(
        (one) => box && near(one.x, box.x) && near(one.width, box.width) && near(one.y, box.y),
      );
    };
    const person = await markOf('Marie Curie');
    const place = await markOf('Paris');
    expect(person?.style.borderBottomStyle).toBe('solid');
    expect(place?.style.borderBottomStyle).toBe('dotted');
    expect(person?.style.borderBottomColor).not.toBe(place?.style.borderBottomColor);
    expect(await markOf('worked')).toBeUndefined();
  });

  test('tells about an entity in a hover', async () => {
    await expect.poll(() => editor.hoverOver('Curie')).toContain('Person');
    const text = await editor.hoverOver('Curie');
    expect(text).toContain('Marie Curie');
    expect(text).toMatch(/\d+ %/);
  });

  test('lists a negative sentence in the Problems panel', async () => {
    await editor.runCommand('View: Focus Problems');
    const row = editor.page.locator('.markers-panel .monaco-list-row', { hasText: 'strongly negative' });
    await row.waitFor();
    expect(await row.textContent()).toContain('subtext');
    await editor.page.locator('.editor-instance .squiggly-info').first().waitFor();
    await editor.runCommand('View: Toggle Panel Visibility');
  });

  test('fills a mask from the command palette, and undoes it at once', async () => {
    await editor.goTo(5, 'London is the capital of [MA'.length);
    await editor.runCommand('Subtext: Suggest Words (Fill Mask)');
    const candidates = editor.quickInput.locator('.monaco-list-row');
    await expect.poll(() => candidates.count()).toBeGreaterThanOrEqual(5);
    const first = candidates.first();
    const word = await first.locator('.label-name').textContent();
    expect(await first.textContent()).toMatch(/\d/);
    await editor.press('Enter');
    await editor.line(`London is the capital of ${word}.`).waitFor();
    await editor.undo();
    await editor.line('London is the capital of [MASK].').waitFor();
  });

  test('shows model and state in the language status', async () => {
    await editor.page.locator('[id="status.languageStatus"]').hover();
    await editor.page.locator('.monaco-hover .hover-language-status', { hasText: 'subtext-mini' }).waitFor();
    await editor.press('Escape');
  });

  test('hides the marks when they are toggled', async () => {
    const marks = editor.page.locator('.view-overlays .cdr[class*="ced-"]');
    await editor.runCommand('Subtext: Toggle Entity Highlighting');
    await expect.poll(() => marks.count()).toBe(0);
    await editor.runCommand('Subtext: Toggle Entity Highlighting');
    await expect.poll(() => marks.count()).toBeGreaterThanOrEqual(2);
  });
});
