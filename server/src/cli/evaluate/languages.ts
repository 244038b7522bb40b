import type { AnnotatedText } from './annotations';

/** BCP 47 for a language that nobody has told. */
export const UNDETERMINED = 'und';

export const languageOf = ({ language }: AnnotatedText): string => language ?? UNDETERMINED;

/** The texts of each language, languages in alphabetical order. */
export const byLanguage = <T extends AnnotatedText>(
  texts: readonly T[],
): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const text of texts) {
    const group = groups.get(languageOf(text));
    if (group) group.push(text);
    else groups.set(languageOf(text), [text]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
};
