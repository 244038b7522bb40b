import { proseFormat, proseLanguages } from '../core/text/proseLanguages';
import type { Settings } from './schema';

type LanguageSettings = Pick<Settings, 'languages' | 'prose.comments'>;

/** Identifiers of the languages whose documents are analysed: those that are listed and, for their comments, code. */
export const analyzedLanguages = ({
  languages,
  'prose.comments': comments,
}: LanguageSettings): readonly string[] =>
  comments ? [...new Set([...languages, ...proseLanguages.code])] : languages;

/** Whether a language is one of {@link analyzedLanguages}. */
export const isAnalyzedLanguage = (languageId: string, settings: LanguageSettings): boolean =>
  settings.languages.includes(languageId) ||
  (settings['prose.comments'] && proseFormat(languageId) === 'code');
