import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, root } from '../../support/paths';
import { openBrowser, workbenchUrl } from './browser';
import { startCodeServer } from './codeServer';
import { EditorPage } from './editorPage';
import { packageExtension } from './packageExtension';
import type { Workbench } from './workbench';

/** A workbench in the browser with the packaged extension installed and the samples opened. */
export interface Session {
  readonly editor: EditorPage;
  /** Replaces the settings of the workspace, which take effect at once. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Keeps a screenshot and the logs below `.cache/e2e/ui`. */
  keepEvidence(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** By name, to be added to the folder; the editor does not find those that come later at once. */
  readonly files: Readonly<Record<string, string>>;
  /** Added to the environment of the extension host. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function openSession(
  workbench: Workbench,
  { files, environment = {} }: SessionOptions,
): Promise<Session> {
  const folder = await mkdtemp(join(tmpdir(), 'subtext-workspace-'));
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing.reverse()) await step();
  };
  try {
    await cp(join(root, 'samples'), folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await mkdir(join(folder, '.vscode'));
    const server = await startCodeServer(workbench, { vsix: [await packageExtension()], environment });
    closing.push(() => server.stop());
    const view = await openBrowser();
    closing.push(() => view.close());
    const editor = new EditorPage(view.page);
    await editor.load(workbenchUrl(server, { folder }));

    return {
      editor,
      configure: (settings) => writeFile(join(folder, '.vscode/settings.json'), JSON.stringify(settings)),
      keepEvidence: async (name) => {
        const evidence = join(cacheFolder, 'e2e/ui', name.replace(/\W+/g, '-'));
        await server.saveLogs(evidence);
        await view.page.screenshot({ path: join(evidence, 'screenshot.png') });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
