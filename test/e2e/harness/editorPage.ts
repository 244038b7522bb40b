import type { Locator, Page } from 'playwright-core';
import { poll } from '../../support/poll';

/** A rectangle on the page, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The DOM's `Text`, as far as it is needed; this program is not compiled for a browser. */
interface TextNode {
  readonly data: string;
  readonly length: number;
}

/** The DOM's `NodeFilter.SHOW_TEXT`. */
const SHOW_TEXT = 4;

/** How an entity is marked, as computed by the browser. */
export interface Mark extends Box {
  readonly backgroundColor: string;
  readonly borderBottomStyle: string;
  readonly borderBottomColor: string;
}

/** Pixels by which a mark may miss its word: positions are rounded in different ways. */
const tolerance = 1.5;
/** Milliseconds; the first text has to wait for the model. */
const patience = 30_000;

const control = process.platform === 'darwin' ? 'Meta' : 'Control';

/**
 * What a person does in a workbench, and what one sees there. Everything waits until it is so, as long as
 * Playwright's default timeout.
 */
export class EditorPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The text of the active editor, without its margins. */
  get text(): Locator {
    return this.#lines(0);
  }

  /** What decorations of extensions draw behind the text. */
  get marks(): Locator {
    return this.page.locator('.view-overlays .cdr[class*="ced-"]');
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get hover(): Locator {
    return this.page.locator('.monaco-hover:visible .hover-contents');
  }

  /** A question that has to be answered before anything else. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Entries of the open list. */
  get rows(): Locator {
    return this.quickInput.locator('.monaco-list-row');
  }

  /** Notifications, of which only the list shows any in a workbench that a test drives; see `showNotifications`. */
  get notifications(): Locator {
    return this.page.locator('.notifications-center.visible .notification-list-item');
  }

  /** What the language status item tells when the mouse is on it. */
  async languageStatus(): Promise<string> {
    const status = this.page.locator('.monaco-hover .hover-language-status');
    await this.page.mouse.move(0, 0);
    await this.page.locator('[id="status.languageStatus"]').hover();
    await status.first().waitFor();
    const lines = await status.allInnerTexts();
    // What is below the mouse takes its clicks.
    await this.page.mouse.move(0, 0);
    await status.first().waitFor({ state: 'detached' });
    return lines.join('\n');
  }

  /** Presses a button of the language status item. */
  async chooseInLanguageStatus(title: string): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page.locator('[id="status.languageStatus"]').hover();
    await this.page.locator('.monaco-hover .hover-language-status a', { hasText: title }).click();
  }

  async showNotifications(): Promise<void> {
    const center = this.page.locator('.notifications-center.visible');
    if (!(await center.isVisible())) await this.runCommand('Notifications: Show Notifications');
    await center.waitFor();
  }

  /** Picks the entry of the open list that has this text. */
  async pick(text: string): Promise<void> {
    await this.rows.filter({ hasText: text }).first().click();
  }

  /** Loads the workbench and waits until a file can be worked on. */
  async load(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.#pickQuickly(`${control}+P`, name, name);
    await this.page
      .locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`)
      .waitFor();
    await this.text.locator('.view-line').first().waitFor();
  }

  /** Runs a command of the palette by its whole title. */
  async runCommand(title: string): Promise<void> {
    await this.#pickQuickly('F1', `>${title}`, title);
  }

  /** Puts the cursor at a line and column, both from 1, and scrolls there. */
  async goTo(line: number, column: number): Promise<void> {
    await this.#ask(`${control}+G`, `:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page
      .locator('#status\\.editor\\.selection', { hasText: `Ln ${line}, Col ${column}` })
      .waitFor();
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async undo(): Promise<void> {
    await this.press(`${control}+Z`);
  }

  /** The line of the view that holds a text. The editor shows blanks as no-break spaces. */
  line(text: string): Locator {
    return this.text.locator('.view-line', { hasText: text });
  }

  /** The mark that covers just the first occurrence of a text, in the editor group of that number from 0. */
  async markOf(text: string, group = 0): Promise<Mark | undefined> {
    const box = await this.boxOf(text, group);
    if (!box) return undefined;
    const marks: readonly Mark[] = await this.marks.evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const { backgroundColor, borderBottomStyle, borderBottomColor } =
          element.ownerDocument.defaultView.getComputedStyle(element);
        return { x, y, width, height, backgroundColor, borderBottomStyle, borderBottomColor };
      }),
    );
    const near = (a: number, b: number) => Math.abs(a - b) <= tolerance;
    const holds = (mark: Mark) =>
      mark.y - tolerance <= box.y && box.y + box.height <= mark.y + mark.height + tolerance;
    return marks.find((mark) => near(mark.x, box.x) && near(mark.width, box.width) && holds(mark));
  }

  /** How opaque the editor draws a word, 0 to 1. @param text the word and what follows it in its line. */
  opacityOf(text: string): Promise<number> {
    return this.line(text).evaluate((line, word) => {
      const span = [...line.querySelectorAll('span')].findLast((one) => one.textContent?.includes(word));
      return Number(line.ownerDocument.defaultView?.getComputedStyle(span ?? line).opacity);
    }, text.split(' ')[0] ?? text);
  }

  /** Waits until a text is marked. */
  marked(text: string, group = 0): Promise<Mark> {
    return poll(`“${text}” to be marked`, () => this.markOf(text, group), patience);
  }

  /** Waits until the grammar of the file's language has coloured its text. */
  async colored(): Promise<void> {
    const kinds = () =>
      this.text
        .locator('span[class^="mtk"]')
        .evaluateAll((spans) => new Set(spans.map((span) => /mtk\d+/.exec(span.className)?.[0])).size);
    await poll('colours', async () => ((await kinds()) > 1 ? true : undefined), patience);
  }

  /** Where the first occurrence of a text stands; undefined where it is not in view. */
  boxOf(text: string, group = 0): Promise<Box | undefined> {
    return this.#lines(group).evaluate(
      (lines, { wanted, showText }) => {
        for (const line of lines.querySelectorAll('.view-line')) {
          const nodes: TextNode[] = [];
          const walker = line.ownerDocument.createTreeWalker(line, showText);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
          const content = nodes.map((node) => node.data.replaceAll('\u00a0', ' ')).join('');
          const start = content.indexOf(wanted);
          if (start < 0) continue;
          const locate = (offset: number): [TextNode, number] | undefined => {
            let rest = offset;
            for (const node of nodes) {
              if (rest <= node.length) return [node, rest];
              rest -= node.length;
            }
            return undefined;
          };
          const from = locate(start);
          const to = locate(start + wanted.length);
          if (!from || !to) continue;
          const range = line.ownerDocument.createRange();
          range.setStart(...from);
          range.setEnd(...to);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x, y, width, height };
        }
        return undefined;
      },
      { wanted: text, showText: SHOW_TEXT },
    );
  }

  /** Moves the mouse onto a text, and waits for the hover. @returns what it says. */
  async hoverOver(text: string): Promise<string> {
    const box = await this.boxOf(text);
    if (!box) throw new Error(`“${text}” is not in view.`);
    // A hover appears for a mouse that comes to rest, not for one that was always there.
    await this.page.mouse.move(0, 0);
    await this.page.mouse.move(box.x + box.width / 2 - 2, box.y + box.height / 2, { steps: 3 });
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.hover.first().waitFor();
    return (await this.hover.allInnerTexts()).join('\n');
  }

  #lines(group: number): Locator {
    return this.page.locator('.editor-instance .view-lines').nth(group);
  }

  async #pickQuickly(keys: string, query: string, entry: string): Promise<void> {
    await this.#ask(keys, query);
    const row = this.quickInput.locator('.monaco-list-row', { hasText: entry }).first();
    await row.waitFor();
    await row.click();
    // Gone, or already in use for what the command asks.
    const input = this.quickInput.locator('input').first();
    await poll(
      'the end of the list',
      async () => ((await input.isVisible()) && (await input.inputValue()) === query ? undefined : true),
      patience,
    );
  }

  async #ask(keys: string, query: string): Promise<void> {
    await this.page.keyboard.press(keys);
    const input = this.quickInput.locator('input').first();
    await input.waitFor();
    await input.fill(query);
  }
}
