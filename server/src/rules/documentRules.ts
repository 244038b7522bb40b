import picomatch from 'picomatch';
import { Gazetteer } from '../core/gazetteer/gazetteer';
import { MentionFilter } from '../core/ignore/mentionFilter';
import type { Settings } from '../settings/schema';
import { type ParsedRules, parseRuleFile } from './ruleFile';

/** What settings and a rule file say of one document. */
export interface DocumentRules {
  readonly ignoresFile: boolean;
  readonly filter: MentionFilter;
  readonly gazetteer: Gazetteer | undefined;
}

/** A rule file, ready for use. */
export interface LoadedRules extends ParsedRules {
  readonly gazetteer: Gazetteer | undefined;
}

/** @param text of a rule file. */
export function* loadRules(text: string): Generator<void, LoadedRules> {
  const parsed = yield* parseRuleFile(text);
  const { gazetteer } = parsed.rules;
  return { ...parsed, gazetteer: gazetteer.length > 0 ? yield* Gazetteer.build(gazetteer) : undefined };
}

export interface RuledDocument {
  /** Relative to the folder of the rule file, with slashes. */
  readonly path: string;
  readonly languageId: string;
}

/** What both say counts together; a threshold of the file wins over one of the settings. */
export function toDocumentRules(
  { path, languageId }: RuledDocument,
  settings: Settings,
  loaded?: LoadedRules,
): DocumentRules {
  const rules = loaded?.rules;
  const globs = [...settings['ignore.files'], ...(rules?.files ?? [])];
  const isOfThis = ({ file }: { readonly file: string }) => withoutRoot(file) === path;
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

/** A pattern without a slash means files of that name in any folder, as in `.gitignore`. */
const matches = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => picomatch(withoutRoot(glob), { dot: true, basename: !glob.includes('/') })(path));

const withoutRoot = (path: string): string => path.replace(/^\.?\//u, '');

const upperCase = (thresholds: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(thresholds).map(([type, least]) => [type.toUpperCase(), least]));
