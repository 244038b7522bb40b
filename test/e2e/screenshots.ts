import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheFolder, root } from '../support/paths';
import type { Session } from './harness/session';

/*
 * The pictures of the README. They are taken in every run, so that what they show goes on working, and kept in
 * docs/images/ when SUBTEXT_SCREENSHOTS is 1.
 */

const folder =
  process.env['SUBTEXT_SCREENSHOTS'] === '1' ? join(root, 'docs/images') : join(cacheFolder, 'e2e/images');
const largestBytes = 300_000;

const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;
type Theme = keyof typeof themes;

/** A window without what has nothing to do with the text. */
const plainWindow = {
  'breadcrumbs.enabled': false,
  'editor.fontFamily': "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Noto Color Emoji', monospace",
  'editor.fontSize': 14,
  'editor.lineHeight': 1.7,
  'editor.minimap.enabled': false,
  'editor.renderLineHighlight': 'none',
  'editor.stickyScroll.enabled': false,
  // Chinese punctuation is no mistake here.
  'editor.unicodeHighlight.ambiguousCharacters': false,
  'editor.wordWrap': 'on',
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.layoutControl.enabled': false,
} as const;

/** To be in the workspace as letter.md. The mask stands low enough for the list of suggestions, which the editor opens at the top, not to cover it. */
export const letter = `# A letter from New York

Dear Amélie,

Manhattan is loud, but I like it here. On Monday I walked from Central Park to the
Brooklyn Bridge, and in the evening my brother took me to Carnegie Hall.

昨天我和王建国去了唐人街，在那里吃了北京烤鸭。

On Sunday we took a boat to the Statue of Liberty. Grandmother was born in Hamburg
and never saw it; she always wanted to.

My next letter will come from Canada.

Before that I will spend a few days in [MASK] York, and then fly home to Paris.

Yours, Sophie
`;

/** How long something may take to be seen on a busy machine. */
const patience = { timeout: 20_000 };

/** @param open the session, once it is there. */
export function registerScreenshots(open: () => Session): void {
  const dress = (theme: Theme) => open().configure({ ...plainWindow, 'workbench.colorTheme': themes[theme] });

  /** Takes the picture once the theme is there and nothing moves any more. */
  async function take(name: string, theme: Theme): Promise<void> {
    const { page } = open().editor;
    const kind = { light: '.vs', dark: '.vs-dark', 'high-contrast': '.hc-black' }[theme];
    await page.locator(`.monaco-workbench${kind}`).waitFor();
    await page.evaluate('document.fonts.ready');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    const { size } = await stat(path);
    expect(size).toBeGreaterThan(10_000);
    expect(size).toBeLessThan(largestBytes);
  }

  test('pictures: entities in English and Chinese', async () => {
    const { editor } = open();
    await dress('light');
    await editor.runCommand('View: Close All Editors');
    await editor.runCommand('View: Close Primary Side Bar');
    await editor.openFile('english.txt');
    await editor.runCommand('View: New Editor Group Below');
    await editor.openFile('chinese.txt');
    await editor.marked('London', 0);
    await editor.marked('北京', 1);
    await take('entities-light', 'light');
    await dress('dark');
    await take('entities-dark', 'dark');
    await dress('high-contrast');
    await take('entities-high-contrast', 'high-contrast');
    await editor.runCommand('View: Close All Editors');
  });

  test('pictures: Markdown in several languages', async () => {
    const { editor } = open();
    await dress('dark');
    await editor.openFile('mixed.md');
    await editor.marked('Brussels');
    await editor.colored();
    // Colours change how a right-to-left line is laid out; the editor moves its marks only when it is drawn again.
    await editor.press('Control+End');
    await editor.line('One desk').waitFor({ state: 'detached' });
    await editor.goTo(1, 1);
    await editor.marked('Brussels');
    await take('markdown', 'dark');
  });

  test('picture: a hover', async () => {
    const { editor } = open();
    await dress('light');
    await editor.openFile('english.txt');
    await editor.marked('London');
    await expect.poll(() => editor.hoverOver('London'), patience).toContain('Location');
    await take('hover', 'light');
    await editor.page.mouse.move(0, 0);
  });

  test('picture: the Problems panel', async () => {
    const { editor } = open();
    await dress('light');
    await editor.runCommand('View: Close All Editors');
    await editor.openFile('mixed.md');
    await editor.colored();
    await editor.runCommand('View: Focus Problems');
    const problem = editor.page.locator('.markers-panel .monaco-list-row', { hasText: 'strongly negative' });
    // Shows the sentence, too.
    await problem.first().click();
    await editor.line('我非常失望').waitFor();
    await take('problems', 'light');
    await editor.runCommand('View: Toggle Panel Visibility');
  });

  test('picture: fill-mask', async () => {
    const { editor } = open();
    await dress('dark');
    await editor.openFile('letter.md');
    await editor.colored();
    const before = letter.slice(0, letter.indexOf('[MASK]')).split('\n');
    await editor.goTo(before.length, (before.at(-1)?.length ?? 0) + 1);
    const candidates = editor.quickInput.locator('.monaco-list-row');
    await editor.runCommand('Subtext: Suggest Words (Fill Mask)');
    await expect.poll(() => candidates.count(), patience).toBeGreaterThanOrEqual(5);
    await take('fill-mask', 'dark');
    await editor.press('Escape');
  });

  test('picture: Show Prose', async () => {
    const { editor } = open();
    await dress('light');
    await editor.runCommand('View: Close All Editors');
    await editor.openFile('article.tex');
    await editor.colored();
    await editor.runCommand('Subtext: Show Prose');
    await editor.page
      .locator('.statusbar-item', { hasText: /Prose: \d+ sentences analyzed/u })
      .waitFor(patience);
    await take('prose', 'light');
    await editor.runCommand('Subtext: Show Prose');
  });

  test('picture: quick fixes', async () => {
    const { editor } = open();
    await dress('light');
    await editor.openFile('letter.md');
    await editor.marked('Hamburg');
    const line = letter.split('\n').findIndex((text) => text.includes('Hamburg'));
    await editor.goTo(line + 1, (letter.split('\n')[line] ?? '').indexOf('Hamburg') + 2);
    await editor.press('Control+.');
    await editor.page.locator('.action-widget', { hasText: 'Ignore “Hamburg” only here' }).waitFor(patience);
    await take('ignore', 'light');
    await editor.press('Escape');
  });
}
