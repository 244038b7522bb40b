/**
 * Languages that read so much alike that a model of one is as good for the other, or that no program tells apart
 * within a sentence: each stands for itself under one code.
 */
const sameAs: Readonly<Record<string, string>> = {
  no: 'nb',
  nn: 'nb',
  ms: 'id',
  bs: 'hr',
  iw: 'he',
  yi: 'he',
  cmn: 'zh',
  yue: 'zh',
  tl: 'fil',
};

/** The code by which Subtext calls a language. @param tag BCP 47, in any case: `zh-Hans`, `pt_BR`. */
export function toLanguageCode(tag: string): string {
  const [primary = ''] = tag.trim().toLowerCase().split(/[-_]/);
  return sameAs[primary] ?? primary;
}

/** Stands in lists for too many languages to name. */
const MANY_LANGUAGES = 'mul';

/**
 * @param languages BCP 47 tags, as the catalogue lists them for a model; nothing is known without a list.
 * @param code as of {@link toLanguageCode}.
 */
export const knowsLanguage = (languages: readonly string[] | undefined, code: string): boolean =>
  languages === undefined || languages.some((tag) => tag === MANY_LANGUAGES || toLanguageCode(tag) === code);
