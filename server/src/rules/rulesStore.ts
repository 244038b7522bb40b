import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { Gazetteer } from '../core/gazetteer/gazetteer';
import { MentionFilter } from '../core/ignore/mentionFilter';
import type { Clock, Logger } from '../core/ports';
import { RULE_FILE } from '../protocol/rules';
import { type Pause, runInSlices } from '../scheduling/timeSlices';
import type { Settings } from '../settings/schema';
import type { DocumentRules } from './documentRules';
import { type ParsedRules, parseRuleFile } from './ruleFile';

export interface RulesDependencies {
  readonly clock: Clock;
  readonly pause: Pause;
  readonly logger: Logger;
  /** Called with what is wrong in a file each time that it was read; with nothing where it is right or gone. */
  readonly onRead: (file: string, text: string, problems: ParsedRules['problems']) => void;
}

interface LoadedFile extends ParsedRules {
  readonly text: string;
  readonly gazetteer: Gazetteer | undefined;
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

  /** The URI of the rule file of a document: in the root of its innermost folder. Undefined outside of all. */
  fileOf(uri: string): string | undefined {
    const folder = this.#folderOf(uri);
    return folder && `${folder}/${RULE_FILE}`;
  }

  async forDocument(
    { uri, languageId }: { readonly uri: string; readonly languageId: string },
    settings: Settings,
  ): Promise<DocumentRules> {
    const file = this.fileOf(uri);
    const loaded = file === undefined ? undefined : await this.#load(file);
    const rules = loaded?.rules;
    const globs = [...settings['ignore.files'], ...(rules?.files ?? [])];
    const path = this.pathOf(uri);
    const isOfThis = (one: { readonly file: string }) => one.file.replace(/^\.?\//u, '') === path;
    return {
      ignoresFile: (rules?.languages.includes(languageId) ?? false) || matches(path, globs),
      filter: new MentionFilter({
        threshold: settings['entities.threshold'],
        thresholds: { ...upperCase(settings['entities.thresholds']), ...upperCase(rules?.thresholds ?? {}) },
        types: [...settings['ignore.types'], ...(rules?.types ?? [])],
        words: [...settings['ignore.words'].map((text) => ({ text })), ...(rules?.words ?? [])],
        mentions: rules?.mentions.filter(isOfThis) ?? [],
        sentences: rules?.sentences.filter(isOfThis).map(({ text }) => text) ?? [],
      }),
      gazetteer: loaded?.gazetteer,
    };
  }

  /** Of a document, relative to its folder; as it is outside of all. */
  pathOf(uri: string): string {
    const folder = this.#folderOf(uri);
    return decodePath(folder === undefined ? uri : uri.slice(folder.length + 1));
  }

  #folderOf(uri: string): string | undefined {
    const around = this.#folders.filter((folder) => uri.startsWith(`${folder}/`));
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
    const text = await this.readText(file);
    const before = this.#before.get(file);
    const loaded = before?.text === text ? before : await this.#parse(text);
    this.#before.set(file, loaded);
    this.#dependencies.onRead(file, text, loaded.problems);
    return loaded;
  }

  #parse(text: string): Promise<LoadedFile> {
    const { clock, pause } = this.#dependencies;
    return runInSlices(load(text), clock, pause);
  }

  /** The text of a rule file; empty where there is none. */
  async readText(file: string): Promise<string> {
    if (!file.startsWith('file:')) return '';
    try {
      return await readFile(fileURLToPath(file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#dependencies.logger.warn(`${RULE_FILE} could not be read. ${String(error)}`);
      return '';
    }
  }
}

function* load(text: string): Generator<void, LoadedFile> {
  const parsed = yield* parseRuleFile(text);
  const { gazetteer } = parsed.rules;
  return { ...parsed, text, gazetteer: gazetteer.length > 0 ? yield* Gazetteer.build(gazetteer) : undefined };
}

/** A pattern without a slash means files of that name in any folder, as in `.gitignore`. */
const matches = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) =>
    picomatch(glob.replace(/^\.?\//u, ''), { dot: true, basename: !glob.includes('/') })(path),
  );

const upperCase = (thresholds: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(thresholds).map(([type, least]) => [type.toUpperCase(), least]));

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
