/** Two letters or more that have case, and none of them lower case. */
const allCapitals = /^\P{Ll}*\p{Lu}\P{Ll}*\p{Lu}\P{Ll}*$/u;

/**
 * Writes a word as its place wants it: in capitals where the word that it replaces is in capitals, with a capital at
 * the beginning of a sentence, and with the beginning that was typed as it was typed.
 *
 * @param replaced the text whose place the word takes; absent where that is a mask.
 * @param before what stands before it in the sentence.
 * @param prefix what was typed of the word.
 */
export function fitCase(
  word: string,
  { replaced = '', before, prefix }: { replaced?: string | undefined; before: string; prefix: string },
): string {
  if (prefix !== '') return prefix + word.slice(prefix.length);
  if (allCapitals.test(replaced)) return word.toUpperCase();
  return /[\p{L}\p{N}]/u.test(before) ? word : capitalize(word);
}

const capitalize = (word: string): string => word.replace(/^./u, (first) => first.toUpperCase());
