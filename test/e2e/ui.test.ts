import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/executables';
import type { EditorPage } from './harness/editorPage';
import { openSession, type Session } from './harness/session';
import { findWorkbench } from './harness/workbench';
import { letter, registerScreenshots } from './screenshots';

/** What a person sees and does, with the package installed as a person installs it. */

const story = `Marie Curie worked in Paris.

😀 太糟糕了，我非常失望。

London is the capital of [MASK].
`;

const notes = `// Marie Curie worked in Paris. She got two prizes,
// see prizesOf().
const city = 'Paris';
/** Amélie lives in Hamburg. */
export const other = city; // subtext:ignore-next-line
/* Bob is here. */
`;

const long = `${'It rained all day. '.repeat(60)}

Marie Curie worked in Paris.
`;

const ignored = `<!-- subtext:ignore-file -->

Marie Curie worked in Paris.
`;

/** How long something may take to be seen on a busy machine. */
const patience = { timeout: 20_000 };

const workbench = findBrowser() ? await findWorkbench() : undefined;

describe.skipIf(!workbench)('the workbench', () => {
  let session: Session;
  let editor: EditorPage;

  beforeAll(async () => {
    if (!workbench) return;
    session = await openSession(workbench, {
      files: {
        'story.txt': story,
        'letter.md': letter,
        'long.txt': long,
        'ignored.md': ignored,
        'notes.ts': notes,
      },
    });
    ({ editor } = session);
    await editor.openFile('story.txt');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await session.keepEvidence(task.name);
  });

  afterAll(() => session?.close());

  test('marks entities exactly below their words, each type in its way', async () => {
    await editor.marked('Marie Curie');
    const person = await editor.markOf('Marie Curie');
    const place = await editor.markOf('Paris');
    expect(person?.borderBottomStyle).toBe('solid');
    expect(place?.borderBottomStyle).toBe('dotted');
    expect(person?.borderBottomColor).not.toBe(place?.borderBottomColor);
    expect(await editor.markOf('worked')).toBeUndefined();
  });

  test('tells about an entity in a hover', async () => {
    await expect.poll(() => editor.hoverOver('Curie'), patience).toContain('Person');
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
    await expect.poll(() => candidates.count(), patience).toBeGreaterThanOrEqual(5);
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
    await editor.page.locator('.monaco-hover .hover-language-status', { hasText: 'subtext-base' }).waitFor();
    await editor.press('Escape');
  });

  test.each([
    ['long.txt', 'exceeds the size limit'],
    ['ignored.md', 'ignores the document'],
  ])(
    'says in the status why %s is not analysed, and does it when the button is pressed',
    async (name, why) => {
      await session.configure({ 'subtext.limits.documentCharacters': 1_000 });
      await editor.openFile(name);
      await expect.poll(() => editor.languageStatus(), patience).toContain('Not analyzed');
      expect(await editor.languageStatus()).toContain(why);
      expect(await editor.marks.count()).toBe(0);
      await editor.chooseInLanguageStatus('Analyze Anyway');
      await editor.press('Control+End');
      await editor.marked('Marie Curie');
      await session.configure({});
      await editor.openFile('story.txt');
    },
  );

  test('hides the marks when they are toggled', async () => {
    await editor.runCommand('Subtext: Toggle Entity Highlighting');
    await expect.poll(() => editor.marks.count(), patience).toBe(0);
    await editor.runCommand('Subtext: Toggle Entity Highlighting');
    await expect.poll(() => editor.marks.count(), patience).toBeGreaterThanOrEqual(2);
  });

  test('shows what is analysed and what is not, until it is told not to', async () => {
    await editor.openFile('notes.ts');
    await editor.runCommand('Subtext: Show Prose');
    const summary = editor.page.locator('.statusbar-item', {
      hasText: 'Prose: 3 sentences analyzed · 1 ignored',
    });
    await summary.waitFor(patience);
    expect(await editor.opacityOf('const city')).toBeLessThan(0.9);
    expect(await editor.opacityOf('Marie Curie worked')).toBe(1);
    await editor.runCommand('Subtext: Show Prose');
    await summary.waitFor({ state: 'detached', ...patience });
    // The line may be drawn anew just now.
    await expect.poll(() => editor.opacityOf('const city'), patience).toBe(1);
  });

  registerScreenshots(() => session);
});
