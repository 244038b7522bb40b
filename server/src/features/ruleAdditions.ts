import { t } from '@vscode/l10n';
import { importCsv, importJson } from '../core/gazetteer/importEntries';
import { JsonError } from '../core/json/parseJson';
import { EngineError } from '../core/ports';
import type { RuleChange } from '../protocol/rules';

/** What a change adds to which list of the rule file. */
export interface RuleAddition {
  readonly path: readonly string[];
  readonly values: readonly unknown[];
  /** What happened, for a person. */
  readonly message: string;
}

/**
 * @param file the path of the document that the change is about, relative to the rule file.
 * @throws EngineError where there is nothing to add.
 */
export function toAddition(change: RuleChange, file: string): RuleAddition {
  switch (change.kind) {
    case 'ignoreWord':
      return ignoredWord(change);
    case 'ignoreType':
      return ignored('types', change.type, t('{0} is ignored in this workspace.', change.type));
    case 'ignoreMention': {
      const { kind: _, ...mention } = change;
      return ignored('mentions', { file, ...mention }, t('“{0}” is ignored there only.', change.text));
    }
    case 'ignoreSentence':
      return ignored('sentences', { file, text: change.text }, t('The sentence is ignored.'));
    case 'ignoreFile':
      return ignored('files', toGlob(file), t('{0} is ignored.', file));
    case 'ignoreLanguage':
      return ignored(
        'languages',
        change.languageId,
        t('“{0}” files are ignored in this workspace.', change.languageId),
      );
    case 'addEntries':
      return {
        path: ['gazetteer'],
        values: change.entries,
        message: t('{0} entries added to the gazetteer.', change.entries.length),
      };
    case 'importEntries':
      return importedEntries(change);
  }
}

const ignored = (list: string, value: unknown, message: string): RuleAddition => ({
  path: ['ignore', list],
  values: [value],
  message,
});

const ignoredWord = ({ text, type }: Extract<RuleChange, { kind: 'ignoreWord' }>): RuleAddition =>
  type === undefined
    ? ignored('words', text, t('“{0}” is ignored in this workspace.', text))
    : ignored('words', { text, type }, t('“{0}” is ignored as {1} in this workspace.', text, type));

/** A glob that means this file only: the slash in front keeps files of that name in other folders out. */
const toGlob = (file: string): string => `/${file.replace(/[\\*?[\]{}()!+@|]/gu, String.raw`\$&`)}`;

function importedEntries(change: Extract<RuleChange, { kind: 'importEntries' }>): RuleAddition {
  const { entries, skipped } = readImport(change);
  if (entries.length === 0) throw new EngineError(t('{0} has no entries for a gazetteer.', change.name));
  const message =
    skipped === 0
      ? t('{0} entries added to the gazetteer.', entries.length)
      : t('{0} entries added to the gazetteer; {1} could not be used.', entries.length, skipped);
  return { path: ['gazetteer'], values: entries, message };
}

function readImport({ name, content, type }: Extract<RuleChange, { kind: 'importEntries' }>) {
  try {
    return /\.jsonl?$/iu.test(name) ? importJson(content, type) : importCsv(content, type);
  } catch (error) {
    if (error instanceof JsonError) {
      const { line, column, problem } = error;
      throw new EngineError(
        t('{0} could not be read: line {1}, column {2} is {3}.', name, line, column, problem),
      );
    }
    throw new EngineError(t('{0} could not be read: it is neither CSV nor JSON lines.', name));
  }
}
