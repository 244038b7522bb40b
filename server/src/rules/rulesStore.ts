import { fileURLToPath } from 'node:url';
import type { Clock, Logger } from '../core/ports';
import { readRegularFile } from '../files/regularFile';
import { RULE_FILE } from '../protocol/rules';
import { type Pause, runInSlices } from '../scheduling/timeSlices';
import type { Settings } from '../settings/schema';
import { type DocumentRules, type LoadedRules, loadRules, toDocumentRules } from './documentRules';
import { mostRuleFileBytes, type ParsedRules } from './ruleFile';

export interface RulesDependencies {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly logger: Logger;
  /** Called with what is wrong in a file each time that it was read; with nothing where it is right or gone. */
  readonly onRead: (file: string, text: string, problems: ParsedRules['problems']) => void;
}

interface LoadedFile extends LoadedRules {
  readonly text: string;
}

/** The rule files of the workspace's folders, each read once and again after {@link refresh}. */
export class RulesStore {
  readonly #dependencies: RulesDependencies;
  #folders: readonly string[] = [];
  #files = new Map<string, Promise<LoadedFile>>();
  /** What was read before, to make a gazetteer anew only where the file is another. */
  #before = new Map<string, LoadedFile>();

  constructor(dependencies: RulesDependencies) {
    this.#dependencies = dependencies;
  }

  /** @param folders URIs. */
  setFolders(folders: readonly string[]): void {
    this.#folders = folders.map((folder) => folder.replace(/\/$/u, ''));
  }

  /** Files are read again when they are next asked for. */
  refresh(): void {
    this.#files = new Map();
  }

  /**
   * The URI of the rule file of a document: in the root of its innermost folder. Undefined outside of all, and where
   * files are not on the disk: what cannot be read must not be written either.
   */
  fileOf(uri: string): string | undefined {
    const folder = this.#folderOf(uri);
    return folder?.startsWith('file:') ? `${folder}/${RULE_FILE}` : undefined;
  }

  async forDocument(
    { uri, languageId }: { readonly uri: string; readonly languageId: string },
    settings: Settings,
  ): Promise<DocumentRules> {
    const file = this.fileOf(uri);
    const loaded = file === undefined ? undefined : await this.#load(file);
    return toDocumentRules({ path: this.pathOf(uri), languageId }, settings, loaded);
  }

  /** Of a document, relative to its folder; as it is outside of all. */
  pathOf(uri: string): string {
    const folder = this.#folderOf(uri);
    const file = fileUri(uri);
    return decodePath(folder === undefined ? file : file.slice(folder.length + 1));
  }

  #folderOf(uri: string): string | undefined {
    const file = fileUri(uri);
    const around = this.#folders.filter((folder) => file.startsWith(`${folder}/`));
    return around.sort((a, b) => b.length - a.length)[0];
  }

  #load(file: string): Promise<LoadedFile> {
    let loading = this.#files.get(file);
    if (!loading) {
      loading = this.#read(file);
      this.#files.set(file, loading);
    }
    return loading;
  }

  async #read(file: string): Promise<LoadedFile> {
    const content = await readRuleFile(fileURLToPath(file));
    const { clock, pause, logger, onRead } = this.#dependencies;
    if ('problem' in content) logger.warn(`${RULE_FILE} ${content.problem}.`);
    const text = 'problem' in content ? '' : content.text;
    const before = this.#before.get(file);
    const loaded =
      before?.text === text ? before : { ...(await runInSlices(loadRules(text), clock, pause)), text };
    this.#before.set(file, loaded);
    onRead(
      file,
      text,
      'problem' in content ? [{ start: 0, end: 0, message: `this ${content.problem}` }] : loaded.problems,
    );
    return loaded;
  }

  /** The text of a rule file; empty where there is none, undefined where it cannot be read. */
  async readText(file: string): Promise<string | undefined> {
    const content = await readRuleFile(fileURLToPath(file));
    return 'problem' in content ? undefined : content.text;
  }
}

/** @returns an empty text where there is no file. The problem completes "FILE …". */
async function readRuleFile(path: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  const content = await readRegularFile(path, mostRuleFileBytes);
  if ('bytes' in content) return { text: content.bytes.toString('utf8') };
  return content.code === 'ENOENT' ? { text: '' } : content;
}

/** The file that holds a document: that of its notebook for a cell, which VS Code names by a fragment. */
const fileUri = (uri: string): string =>
  uri.replace(/^vscode-notebook-cell:(?:\/\/(?=\/))?([^#]*)#.*$/u, (_, path: string) => `file://${path}`);

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
