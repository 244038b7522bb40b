/*
 * Text that others wrote (documents, models, rule files, the Hub, the runtime, paths) on its way to a place where some
 * characters act: Markdown, a terminal, columns, CSV, JSON, labels of an editor. Each has one file here, and one type,
 * so that the compiler refuses what was not escaped for it.
 */

declare const fitFor: unique symbol;

/** Text of which no character acts where it is shown. Only the surfaces make it. */
export type SurfaceText<Name extends string> = string & { readonly [fitFor]: Name };

/** Makes text fit for one place, and puts such text together. */
export interface Surface<T extends string> {
  /** What others wrote. */
  escape(text: string): T;
  /** As `escape`, and never empty: some places refuse a thing without a name. */
  name(text: string): T;
  /** A tagged template: our own words, with numbers and what is fit already. */
  text(words: TemplateStringsArray, ...values: readonly (T | number)[]): T;
  /** Our own words in the language of the user, in which `{0}` stands for the first value. */
  message(words: string, ...values: readonly (T | number)[]): T;
  /** @param separator our own. */
  join(parts: readonly T[], separator: string): T;
}

/** What stands for a name that is empty, or was nothing but characters that cannot be shown. */
const NAMELESS = '?';

export function createSurface<T extends string>(toFit: (text: string) => string): Surface<T> {
  return {
    escape: (text) => toFit(text) as T,
    name: (text) => (toFit(text) || NAMELESS) as T,
    text: (words, ...values) =>
      words.map((word, i) => (i < values.length ? `${word}${values[i]}` : word)).join('') as T,
    message: (words, ...values) =>
      words.replace(
        /\{(\d+)\}/gu,
        (placeholder, index: string) => `${values[Number(index)] ?? placeholder}`,
      ) as T,
    join: (parts, separator) => parts.join(separator) as T,
  };
}
