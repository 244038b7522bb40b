const identifier = /^\s*(?:\S*(?:\d|[_./:$@#]\S)\S*|\S*\p{Ll}\p{Lu}\S*)\s*$/u;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** No identifier is longer. */
const maxLength = 2_000;

/**
 * Whether a value of data is nothing to read: a number, a date, a path, a URL, a name in a program, as far as a word
 * without blanks tells.
 */
export function isIdentifier(value: string): boolean {
  if (!/\p{L}/u.test(value)) return true;
  return value.length <= maxLength && identifier.test(value) && !unspaced.test(value);
}
