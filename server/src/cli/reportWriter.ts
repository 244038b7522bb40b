import type { ModelDescription } from '../core/model';
import { type Json, json, toJson } from '../core/surfaces/json';
import { type TerminalText, terminal } from '../core/surfaces/terminal';
import type { AnalyzedSentence } from './analyzeText';
import { documentStart, toConll } from './conll';
import { FORMAT_VERSION, type JsonTasks, toJsonModel, toJsonSentence } from './jsonFormat';
import type { Output } from './output';
import { count, type TextFormatOptions, toRate, toSeconds, toTextReport } from './textFormat';

export const formats = ['text', 'json', 'jsonl', 'conll'] as const;
export type Format = (typeof formats)[number];

/** One analysed file. */
export interface FileResult {
  /** As it was given; `-` for standard input. */
  readonly path: string;
  /** The path for people. */
  readonly name: TerminalText;
  readonly languageId: string;
  readonly ruleFile: string | undefined;
  readonly source: string;
  readonly sentences: readonly AnalyzedSentence[];
  readonly milliseconds: number;
}

export interface RunSummary {
  readonly files: number;
  readonly sentences: number;
  /** Spent on analysis: reading files and loading the model left out. */
  readonly milliseconds: number;
  readonly model: ModelDescription;
  readonly device: string;
}

/** A file that a rule or a comment in it says to ignore. */
export interface IgnoredFile {
  readonly path: string;
  readonly name: TerminalText;
  /** For people: what says so. */
  readonly by: string;
}

/** Writes the results of files as they come. */
export interface ReportWriter {
  begin(model: ModelDescription): Promise<void>;
  file(result: FileResult): Promise<void>;
  ignored(file: IgnoredFile): Promise<void>;
  /** A file that was not analysed; the problem has been told on standard error already. */
  failure(path: string, problem: string): Promise<void>;
  end(summary: RunSummary): Promise<void>;
}

export const createReportWriter = (
  format: Format,
  output: Output,
  options: TextFormatOptions,
): ReportWriter => {
  switch (format) {
    case 'text':
      return new TextWriter(output, options);
    case 'json':
      return new JsonWriter(output, options);
    case 'jsonl':
      return new JsonLinesWriter(output, options);
    case 'conll':
      return new ConllWriter(output);
  }
};

class TextWriter implements ReportWriter {
  readonly #output: Output;
  readonly #options: TextFormatOptions;

  constructor(output: Output, options: TextFormatOptions) {
    this.#output = output;
    this.#options = options;
  }

  async begin(): Promise<void> {}

  async file(result: FileResult): Promise<void> {
    await this.#output.write(toTextReport(result, this.#options));
    await this.#output.flush();
  }

  async ignored({ name, by }: IgnoredFile): Promise<void> {
    const { bold, dim } = this.#options.colors;
    await this.#output.write(
      terminal.text`${bold(name)}  ${dim(terminal.text`ignored by ${terminal.escape(by)}`)}\n\n`,
    );
  }

  async failure(): Promise<void> {}

  async end({ files, sentences, milliseconds, model, device }: RunSummary): Promise<void> {
    const work = `${count(files, 'file')}, ${count(sentences, 'sentence')} in ${toSeconds(milliseconds)}`;
    const speed = sentences > 0 ? ` (${toRate(sentences, milliseconds)})` : '';
    const line = terminal.escape(`${work}${speed}, ${model.id} ${model.revision} on ${device}`);
    await this.#output.write(terminal.text`${line}\n`);
  }
}

/** One document; a sentence is a line of it, so that large ones can be looked at and searched. */
class JsonWriter implements ReportWriter {
  readonly #output: Output;
  readonly #tasks: JsonTasks;
  #separator = json.text`\n`;

  constructor(output: Output, tasks: JsonTasks) {
    this.#output = output;
    this.#tasks = tasks;
  }

  async begin(model: ModelDescription): Promise<void> {
    await this.#output.write(withoutEnd({ version: FORMAT_VERSION, model: toJsonModel(model) }));
    await this.#output.write(json.text`,"files":[`);
  }

  async file({ path, languageId, ruleFile, source, sentences }: FileResult): Promise<void> {
    await this.#item(withoutEnd({ path, language: languageId, rules: ruleFile, length: source.length }));
    await this.#output.write(json.text`,"sentences":[`);
    for (const [i, sentence] of sentences.entries()) {
      const line = toJson(toJsonSentence(sentence, source, this.#tasks));
      await this.#output.write(i > 0 ? json.text`,\n${line}` : json.text`\n${line}`);
    }
    await this.#output.write(json.text`]}`);
  }

  async ignored({ path, by }: IgnoredFile): Promise<void> {
    await this.#item(toJson({ path, ignored: by }));
  }

  async failure(path: string, problem: string): Promise<void> {
    await this.#item(toJson({ path, error: problem }));
  }

  async end(): Promise<void> {
    await this.#output.write(json.text`]}\n`);
  }

  async #item(text: Json): Promise<void> {
    await this.#output.write(json.text`${this.#separator}${text}`);
    this.#separator = json.text`,\n`;
  }
}

/** An object that goes on. */
const withoutEnd = (value: object): Json => toJson(value).slice(0, -1) as Json;

/** A document a sentence. */
class JsonLinesWriter implements ReportWriter {
  readonly #output: Output;
  readonly #tasks: JsonTasks;

  constructor(output: Output, tasks: JsonTasks) {
    this.#output = output;
    this.#tasks = tasks;
  }

  async begin(): Promise<void> {}

  async file({ path, source, sentences }: FileResult): Promise<void> {
    for (const sentence of sentences) {
      const line = { path, ...toJsonSentence(sentence, source, this.#tasks) };
      await this.#output.write(json.text`${toJson(line)}\n`);
    }
    await this.#output.flush();
  }

  async ignored(): Promise<void> {}

  async failure(): Promise<void> {}

  async end(): Promise<void> {}
}

class ConllWriter implements ReportWriter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  async begin(): Promise<void> {}

  async file({ sentences }: FileResult): Promise<void> {
    await this.#output.write(documentStart);
    for (const { text, entities } of sentences) {
      const mentions = entities.map(({ type, inSentence }) => ({ type, ...inSentence }));
      await this.#output.write(toConll(text, mentions));
    }
    await this.#output.flush();
  }

  async ignored(): Promise<void> {}

  async failure(): Promise<void> {}

  async end(): Promise<void> {}
}
