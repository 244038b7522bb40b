import { type Browser, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../support/executables';
import type { CodeServer } from './codeServer';

export interface View {
  readonly page: Page;
  close(): Promise<void>;
}

/** What the workbench opens with; see the payload of VS Code's web workbench. */
export interface Opening {
  /** An absolute path. */
  readonly folder: string;
  readonly file?: string;
  /** The folder of an extension to load in development mode. */
  readonly extension?: string;
  /** A CommonJS module whose `run` is called inside the extension host. */
  readonly tests?: string;
}

const size = { width: 1280, height: 800 };

/** Headless and without anything that a browser does by itself in the background. */
const switches = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--no-first-run',
];

/** Opens a page of its own browser; nothing is loaded in it yet. */
export async function openBrowser(): Promise<View> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('No Chromium or Chrome was found; set CHROMIUM to the path of one.');
  // Chromium's sandbox refuses to run as root, which containers are.
  const root = process.getuid?.() === 0;
  const browser: Browser = await chromium.launch({
    executablePath,
    headless: true,
    args: root ? [...switches, '--no-sandbox'] : switches,
  });
  const page = await browser.newPage({ viewport: size, reducedMotion: 'reduce' });
  return { page, close: () => browser.close() };
}

export function workbenchUrl(server: CodeServer, { folder, file, extension, tests }: Opening): string {
  const resource = (path: string) => `${server.authority}${path}`;
  const payload: [string, string][] = [['skipWelcome', 'true']];
  if (extension) payload.push(['extensionDevelopmentPath', resource(extension)]);
  if (tests) payload.push(['extensionTestsPath', resource(tests)]);
  if (file) payload.push(['openFile', resource(file)]);
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query}`;
}
