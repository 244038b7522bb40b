import { findIgnoredText } from '../core/ignore/ignoreComments';
import type { SkipReason } from '../protocol/protocol';
import type { DocumentRules } from '../rules/documentRules';
import { isAnalyzedLanguage } from '../settings/analyzedLanguages';
import type { Settings } from '../settings/schema';

/** How many characters at the start of a document are searched for a NUL, which text does not have. */
const BINARY_PROBE_CHARACTERS = 8_192;

export interface SkipOptions {
  readonly languageId: string;
  readonly settings: Settings;
  readonly rules: DocumentRules;
  /** The user asked for the analysis whatever settings and limits say. */
  readonly isForced: boolean;
}

/** Why a text is not to be analysed, if so. */
export function findSkipReason(
  text: string,
  { languageId, settings, rules, isForced }: SkipOptions,
): SkipReason | undefined {
  if (text.slice(0, BINARY_PROBE_CHARACTERS).includes('\0')) return 'binary';
  if (isForced) return undefined;
  if (!settings.enabled) return 'disabled';
  if (!isAnalyzedLanguage(languageId, settings)) return 'unsupportedLanguage';
  if (rules.ignoresFile || findIgnoredText(text).wholeFile) return 'ignored';
  return text.length > settings['limits.documentCharacters'] ? 'tooLarge' : undefined;
}
