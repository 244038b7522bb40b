import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { EngineError } from '../core/ports';
import { readRegularFile } from '../files/regularFile';
import { RULE_FILE } from '../protocol/rules';
import { type DocumentRules, type LoadedRules, loadRules, toDocumentRules } from '../rules/documentRules';
import { mostRuleFileBytes } from '../rules/ruleFile';
import type { Settings } from '../settings/schema';
import { decodeText } from './decodeText';
import { inputProblem } from './readInput';

/** Problems of a rule file that are named; the rest is counted. */
const PROBLEMS_NAMED = 5;

/** What is wrong in a rule file, a line each. */
export class RuleFileError extends EngineError {
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[]) {
    super(message);
    this.lines = lines;
  }
}

export interface FileRules extends DocumentRules {
  /** The rule file that counts, for people; undefined where there is none. */
  readonly ruleFile: string | undefined;
  /** Whether comments in the text count, too. */
  readonly readsComments: boolean;
}

/** Finds the rules of files: those of the nearest rule file, of one that the user chose, or none at all. */
export class RuleFiles {
  readonly #choice: string | false | undefined;
  readonly #settings: Settings;
  readonly #folder: string;
  readonly #loaded = new Map<string, Promise<LoadedRules>>();

  /**
   * @param choice the path of a rule file; false for what the model says, without any rules.
   * @param folder the working directory.
   */
  constructor(choice: string | false | undefined, settings: Settings, folder: string) {
    this.#choice = choice;
    this.#settings = settings;
    this.#folder = folder;
  }

  /**
   * @param path of a file; standard input counts as a file in the working directory.
   * @throws EngineError where the rule file cannot be read or is wrong.
   */
  async of(path: string, languageId: string): Promise<FileRules> {
    const absolute = resolve(this.#folder, path);
    const ruleFile = this.#find(absolute);
    const from = ruleFile === undefined ? this.#folder : dirname(ruleFile);
    const document = { path: relative(from, absolute).split(sep).join('/'), languageId };
    const loaded = ruleFile === undefined ? undefined : await this.#load(ruleFile);
    return {
      ...toDocumentRules(document, this.#settings, loaded),
      ruleFile: ruleFile && this.#nameOf(ruleFile),
      readsComments: this.#choice !== false,
    };
  }

  /** The nearest one, from the file's folder up to the working directory, or to the root for files outside of it. */
  #find(absolute: string): string | undefined {
    if (this.#choice !== undefined)
      return this.#choice === false ? undefined : resolve(this.#folder, this.#choice);
    for (let folder = dirname(absolute); ; folder = dirname(folder)) {
      const candidate = join(folder, RULE_FILE);
      if (existsSync(candidate)) return candidate;
      if (folder === this.#folder || folder === dirname(folder)) return undefined;
    }
  }

  #load(ruleFile: string): Promise<LoadedRules> {
    let loading = this.#loaded.get(ruleFile);
    if (!loading) {
      loading = this.#read(ruleFile);
      this.#loaded.set(ruleFile, loading);
    }
    return loading;
  }

  async #read(ruleFile: string): Promise<LoadedRules> {
    const name = this.#nameOf(ruleFile);
    const content = await readRegularFile(ruleFile, mostRuleFileBytes);
    if ('problem' in content) {
      const problem = content.code === undefined ? content.problem : inputProblem(content.code);
      throw new EngineError(`${name}: ${problem}`);
    }
    const decoded = decodeText(content.bytes);
    if ('problem' in decoded) throw new EngineError(`${name}: ${decoded.problem}`);
    const work = loadRules(decoded.text);
    let step = work.next();
    while (!step.done) step = work.next();
    const problems = step.value.problems.toSorted((a, b) => a.start - b.start);
    if (problems.length === 0) return step.value;
    const document = TextDocument.create('', '', 0, decoded.text);
    const lines = problems.slice(0, PROBLEMS_NAMED).map(({ start, message }) => {
      const { line, character } = document.positionAt(start);
      return `${name}:${line + 1}:${character + 1}: ${message}`;
    });
    if (problems.length > PROBLEMS_NAMED) lines.push(`and ${problems.length - PROBLEMS_NAMED} more problems`);
    throw new RuleFileError('the rule file is wrong; correct it, or leave it out with --no-rules', lines);
  }

  #nameOf(ruleFile: string): string {
    const path = relative(this.#folder, ruleFile);
    return path.startsWith('..') ? ruleFile : path;
  }
}
